# %% wrong: still one optimizer
# fails: repair_step_moves, repair_step_discriminator, repair_step_generator
# says: was not applied once in each call
# score: 1
def repair_step(generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100):
    return clinic.broken_step(
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim
    )


# %% wrong: optimizers exchanged
# fails: repair_step_discriminator, repair_step_generator
# says: the optimizers are exchanged
# score: 2
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        discriminator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        generator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return gen_loss, disc_loss

    return train_step


# %% wrong: two optimizers, but the discriminator goes down both losses
# fails: repair_step_discriminator
# says: sum of both losses
# score: 2
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
            both = gen_loss + disc_loss
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(both, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return gen_loss, disc_loss

    return train_step


# %% wrong: the saturating loss, returned last
# fails: repair_step_losses, repair_step_generator
# says: losses
# score: 1
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.saturating_generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return disc_loss, gen_loss

    return train_step


# %% wrong: sixteen fakes of 100 numbers, drawn once, in inference mode
# fails: repair_step_training, repair_step_noise, repair_step_noise_dim, repair_step_batch, repair_step_graph
# says: another number of fakes
# score: 2
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    noise = tf.random.normal((16, 100))

    @tf.function
    def train_step(images):
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=False)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return gen_loss, disc_loss

    return train_step


# %% wrong: the networks that were made last
# fails: repair_step_sets
# says: with two sets of networks
# score: 2
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    global _now
    _now = generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim

    def train_step(images):
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim = _now
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return gen_loss, disc_loss

    return train_step


# %% wrong: only the generator learns
# fails: repair_step_moves, repair_step_discriminator
# says: the discriminator's weights do not all move
# score: 1
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as tape:
            fake_output = discriminator(generator(noise, training=True), training=True)
            gen_loss = losses.generator_loss(fake_output)
        real_output = discriminator(images, training=True)
        disc_loss = losses.discriminator_loss(real_output, fake_output)
        gradients = tape.gradient(gen_loss, generator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the step of the clinic itself
# fails: repair_step_moves, repair_step_losses, repair_step_discriminator, repair_step_generator, repair_step_training, repair_step_noise, repair_step_noise_dim, repair_step_batch, repair_step_sets, repair_step_graph
# says: the library's own solution
# score: 0
def repair_step(*networks_and_optimizers, **noise_dim):
    return clinic.make_step(*networks_and_optimizers, **noise_dim)


# %% right: two tapes
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    @tf.function
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )
        return gen_loss, disc_loss

    return train_step


# %% right: one persistent tape, no tf.function
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    def train_step(images):
        noise = tf.random.normal((images.shape[0] or tf.shape(images)[0], noise_dim))
        with tf.GradientTape(persistent=True) as tape:
            fake_output = discriminator(generator(noise, training=True), training=True)
            real_output = discriminator(images, training=True)
            gen_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            disc_loss = cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(
                tf.zeros_like(fake_output), fake_output
            )
        for loss, network, optimizer in (
            (disc_loss, discriminator, discriminator_optimizer),
            (gen_loss, generator, generator_optimizer),
        ):
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        return gen_loss, disc_loss

    return train_step


# %% right: optimizers built first, a class
class Step:
    def __init__(self, networks, optimizers, noise_dim):
        self.networks, self.optimizers, self.noise_dim = networks, optimizers, noise_dim
        for network, optimizer in zip(networks, optimizers):
            optimizer.build(network.trainable_variables)

    def __call__(self, images):
        generator, discriminator = self.networks
        noise = keras.random.normal((tf.shape(images)[0], self.noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fake = discriminator(generator(noise, training=True), training=True)
            real = discriminator(images, training=True)
            made = (losses.generator_loss(fake), losses.discriminator_loss(real, fake))
        for loss, tape, network, optimizer in zip(
            made, (gen_tape, disc_tape), self.networks, self.optimizers
        ):
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        return made


def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    return Step(
        (generator, discriminator), (generator_optimizer, discriminator_optimizer), noise_dim
    )


# %% right: the discriminator first, then the generator against the new one
def repair_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def fake_output(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        return discriminator(generator(noise, training=True), training=True)

    def update(loss_of, network, optimizer):
        with tf.GradientTape() as tape:
            loss = loss_of()
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    def train_step(images):
        disc_loss = update(
            lambda: losses.discriminator_loss(
                discriminator(images, training=True), fake_output(images)
            ),
            discriminator,
            discriminator_optimizer,
        )
        gen_loss = update(
            lambda: losses.generator_loss(fake_output(images)), generator, generator_optimizer
        )
        return gen_loss, disc_loss

    return train_step
