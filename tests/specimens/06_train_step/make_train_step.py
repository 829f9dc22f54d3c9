# %% wrong: one optimizer for both networks
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: do not exchange them, nor use one for both
# score: 0
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        generator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the optimizers are exchanged
# fails: make_train_step_discriminator, make_train_step_generator
# says: the optimizers are exchanged
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        discriminator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        generator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the generator follows the discriminator's loss
# fails: make_train_step_generator
# says: this is the gradient of the discriminator's loss
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(disc_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the gradients go uphill
# fails: make_train_step_generator
# says: the sign is turned
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients([(-g, v) for g, v in zip(gen_gradients, gen_variables)])
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the saturating loss
# fails: make_train_step_losses, make_train_step_generator
# says: this is the saturating loss
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = -tf.reduce_mean(tf.nn.softplus(fake_output))
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the losses come in the other order
# fails: make_train_step_losses
# says: the two losses are exchanged
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return disc_loss, gen_loss

    return train_step


# %% wrong: real and fake exchanged
# fails: make_train_step_losses, make_train_step_discriminator
# says: real and fake are exchanged
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(fake_output, real_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: no training flag
# fails: make_train_step_training
# says: is not called in training mode
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise)
            real_output = discriminator(images)
            fake_output = discriminator(fakes)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the discriminator judges fakes in inference mode
# fails: make_train_step_training
# says: write discriminator(..., training=True)
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=False)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the noise is drawn once, outside
# fails: make_train_step_noise, make_train_step_graph
# says: two calls of train_step use the same noise
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    fixed = tf.random.normal((256, noise_dim))

    def train_step(images):
        noise = fixed[: tf.shape(images)[0]]
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: NumPy's noise, without a graph of its own
# fails: make_train_step_graph
# says: in a graph, np.random and Python's random draw once
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = np.random.normal(size=(images.shape[0], noise_dim)).astype("float32")
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: uniform noise
# fails: make_train_step_noise
# says: as in uniform noise
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.uniform((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: one noise vector for the whole batch
# fails: make_train_step_noise
# says: n * noise_dim numbers
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.repeat(tf.random.normal((1, noise_dim)), tf.shape(images)[0], axis=0)
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: noise of 100 numbers, whatever noise_dim is
# fails: make_train_step_noise_dim
# says: use the parameter noise_dim
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], 100))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: 256 fakes for every batch
# fails: make_train_step_batch
# says: meets another number of fakes
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((256, noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: Python floats
# fails: make_train_step_losses
# says: without float() or .numpy()
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return float(gen_loss), float(disc_loss)

    return train_step


# %% wrong: one loss
# fails: make_train_step_losses
# says: train_step does not return two losses
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss + disc_loss

    return train_step


# %% wrong: the discriminator's loss is halved
# fails: make_train_step_losses, make_train_step_discriminator
# says: the discriminator's loss is halved
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = 0.5 * discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: average losses over all calls
# fails: make_train_step_losses
# says: no average over calls
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    gen_mean, disc_mean = keras.metrics.Mean(), keras.metrics.Mean()

    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        gen_mean.update_state(gen_loss)
        disc_mean.update_state(disc_loss)
        return gen_mean.result(), disc_mean.result()

    return train_step


# %% wrong: the discriminator is updated twice
# fails: make_train_step_moves, make_train_step_discriminator
# says: one step is one update
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: only the last layer learns
# fails: make_train_step_moves, make_train_step_discriminator
# says: pair the gradients with all trainable_variables
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables[-1:]
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: one tape, the sum of both losses
# fails: make_train_step_discriminator, make_train_step_generator
# says: the gradient of the sum of both losses
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
            total = gen_loss + disc_loss
        for optimizer, network in (
            (generator_optimizer, generator),
            (discriminator_optimizer, discriminator),
        ):
            gradients = tape.gradient(total, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the fakes are made outside of the tapes
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: no gradient arrives at the variables
# score: 0
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        fakes = generator(noise, training=True)
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: weights are moved by hand
# fails: make_train_step_moves
# says: the weights must be moved by the optimizer that make_train_step was given
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        for g, v in zip(gen_gradients, gen_variables):
            v.assign_sub(generator_optimizer.learning_rate * g)
        for g, v in zip(disc_gradients, disc_variables):
            v.assign_sub(discriminator_optimizer.learning_rate * g)
        return gen_loss, disc_loss

    return train_step


# %% wrong: own optimizers
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator
# says: another optimizer than the given ones
# score: 4
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    generator_optimizer = keras.optimizers.Adam(1e-4)
    discriminator_optimizer = keras.optimizers.Adam(1e-4)

    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: one function for all networks
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: trains others
# score: 0
_made = []


def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    if _made:
        return _made[0]

    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    _made.append(train_step)
    return train_step


# %% wrong: the networks are kept in global names
# fails: make_train_step_sets
# says: not global names
# score: 7
def make_train_step(g, d, g_optimizer, d_optimizer, noise_dim=100):
    global generator, discriminator, generator_optimizer, discriminator_optimizer, width
    generator, discriminator, width = g, d, noise_dim
    generator_optimizer, discriminator_optimizer = g_optimizer, d_optimizer
    return step_of_globals


def step_of_globals(images):
    noise = tf.random.normal((tf.shape(images)[0], width))
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        fakes = generator(noise, training=True)
        real_output = discriminator(images, training=True)
        fake_output = discriminator(fakes, training=True)
        gen_loss = generator_loss(fake_output)
        disc_loss = discriminator_loss(real_output, fake_output)
    gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
    disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
    generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
    discriminator_optimizer.apply_gradients(zip(disc_gradients, discriminator.trainable_variables))
    return gen_loss, disc_loss


# %% wrong: gradients are kept between -1 and 1
# fails: make_train_step_discriminator, make_train_step_generator
# says: nothing done to the gradient
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(
            [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in zip(gen_gradients, gen_variables)]
        )
        discriminator_optimizer.apply_gradients(
            [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in zip(disc_gradients, disc_variables)]
        )
        return gen_loss, disc_loss

    return train_step


# %% wrong: the discriminator waits while it is good
# fails: make_train_step_moves
# says: the discriminator's weights do not all move in call 1
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        if disc_loss > 1e-3:
            discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the generator waits while it is good
# fails: make_train_step_moves
# says: the generator's weights do not all move in call 1
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        if gen_loss > 0.1:
            generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: all noise vectors have one length
# fails: make_train_step_noise
# says: all vectors have the same length
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        noise *= noise_dim**0.5 / tf.norm(noise, axis=1, keepdims=True)
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: noise with a fixed seed
# fails: make_train_step_noise, make_train_step_graph
# says: two calls of train_step use the same noise
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = keras.random.normal((tf.shape(images)[0], noise_dim), seed=42)
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: noise of the standard deviation 0.02
# fails: make_train_step_noise
# says: are the defaults of tf.random.normal
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim), stddev=0.02)
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: noise as images of one pixel
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: a network refuses its input
# score: 0
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], 1, 1, noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the first batch's size is kept
# fails: make_train_step_batch
# says: meets another number of fakes
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    size = []

    def train_step(images):
        size.append(images.shape[0])
        noise = tf.random.normal((size[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: a small last batch is left out
# fails: make_train_step_batch
# says: meets another number of fakes
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    largest = [0]

    def train_step(images):
        largest[0] = max(largest[0], images.shape[0])
        if images.shape[0] < largest[0]:
            return tf.constant(0.0), tf.constant(0.0)
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: labels of 0.9 for real images
# fails: make_train_step_losses, make_train_step_discriminator
# says: gen
# score: 6
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output) + 0.1 * tf.reduce_mean(real_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: sigmoid before the losses
# fails: make_train_step_losses, make_train_step_discriminator, make_train_step_generator
# says: of 05_losses
# score: 5
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = tf.sigmoid(discriminator(images, training=True))
            fake_output = tf.sigmoid(discriminator(fakes, training=True))
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: one after the other, and the fakes for the discriminator come in inference mode
# fails: make_train_step_training
# says: write generator(noise, training=True)
# score: 7
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        fakes = generator(noise, training=False)
        with tf.GradientTape() as tape:
            disc_loss = discriminator_loss(
                discriminator(images, training=True), discriminator(fakes, training=True)
            )
        gradients = tape.gradient(disc_loss, discriminator.trainable_variables)
        discriminator_optimizer.apply_gradients(zip(gradients, discriminator.trainable_variables))
        with tf.GradientTape() as tape:
            gen_loss = generator_loss(discriminator(generator(noise, training=True), training=True))
        gradients = tape.gradient(gen_loss, generator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the discriminator learns from real images and fakes one after the other
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator
# says: one step is one update
# score: 5
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        bce = keras.losses.BinaryCrossentropy(from_logits=True)
        disc_loss = 0.0
        for batch, target in ((images, tf.ones_like), (generator(noise, training=True), tf.zeros_like)):
            with tf.GradientTape() as tape:
                logits = discriminator(batch, training=True)
                loss = bce(target(logits), logits)
            gradients = tape.gradient(loss, discriminator.trainable_variables)
            discriminator_optimizer.apply_gradients(zip(gradients, discriminator.trainable_variables))
            disc_loss += loss / 2
        with tf.GradientTape() as tape:
            gen_loss = generator_loss(discriminator(generator(noise, training=True), training=True))
        gradients = tape.gradient(gen_loss, generator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the gradients meet the other network's variables, in a graph
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: pair the gradients with the variables for which the tape was asked
# score: 0
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    @tf.function
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, discriminator.trainable_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, generator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the gradients meet the other network's variables, without a graph
# fails: make_train_step_moves, make_train_step_losses, make_train_step_discriminator, make_train_step_generator, make_train_step_training, make_train_step_noise, make_train_step_noise_dim, make_train_step_batch, make_train_step_sets, make_train_step_graph
# says: pair the gradients with the variables for which the tape was asked
# score: 0
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, discriminator.trainable_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, generator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% wrong: the discriminator stays frozen
# fails: make_train_step_moves, make_train_step_losses, make_train_step_noise, make_train_step_batch, make_train_step_sets
# says: a network with trainable = False has none
# score: 3
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fake_output = discriminator(generator(noise, training=True), training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(discriminator(images, training=True), fake_output)
        variables = discriminator.trainable_variables
        gradients = disc_tape.gradient(disc_loss, variables)
        discriminator_optimizer.apply_gradients(zip(gradients, variables))
        discriminator.trainable = False
        variables = generator.trainable_variables
        gradients = gen_tape.gradient(gen_loss, variables)
        generator_optimizer.apply_gradients(zip(gradients, variables))
        return gen_loss, disc_loss

    return train_step


# %% right: as in the TensorFlow tutorial, with the batch's own size
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    @tf.function
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            fakes = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(fakes, training=True)
            gen_loss = generator_loss(fake_output)
            disc_loss = discriminator_loss(real_output, fake_output)
        gen_variables = generator.trainable_variables
        disc_variables = discriminator.trainable_variables
        gen_gradients = gen_tape.gradient(gen_loss, gen_variables)
        disc_gradients = disc_tape.gradient(disc_loss, disc_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, gen_variables))
        discriminator_optimizer.apply_gradients(zip(disc_gradients, disc_variables))
        return gen_loss, disc_loss

    return train_step


# %% right: one persistent tape, no graph
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(tf.random.normal([images.shape[0], noise_dim]), training=True)
            fake_output = discriminator(fakes, training=True)
            disc_loss = discriminator_loss(discriminator(images, training=True), fake_output)
            gen_loss = generator_loss(fake_output)
        for optimizer, network, loss in (
            (discriminator_optimizer, discriminator, disc_loss),
            (generator_optimizer, generator, gen_loss),
        ):
            gradients = tape.gradient(loss, network.trainable_weights)
            optimizer.apply(gradients, network.trainable_weights)
        del tape
        return [gen_loss, disc_loss]

    return train_step


# %% right: the discriminator first, then the generator with new noise
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def update(optimizer, network, loss_of):
        with tf.GradientTape() as tape:
            loss = loss_of()
        variables = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    def train_step(images):
        def judge_fakes():
            noise = keras.random.normal((images.shape[0], noise_dim))
            return discriminator(generator(noise, training=True), training=True)

        disc_loss = update(
            discriminator_optimizer,
            discriminator,
            lambda: discriminator_loss(discriminator(images, training=True), judge_fakes()),
        )
        gen_loss = update(generator_optimizer, generator, lambda: generator_loss(judge_fakes()))
        return gen_loss, disc_loss

    return train_step


# %% right: the generator first, then the discriminator with the same noise
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_generator(noise):
        with tf.GradientTape() as tape:
            loss = generator_loss(discriminator(generator(noise, training=True), training=True))
        gradients = tape.gradient(loss, generator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))
        return loss

    def train_discriminator(images, noise):
        fakes = tf.stop_gradient(generator(noise, training=True))
        with tf.GradientTape() as tape:
            loss = discriminator_loss(
                discriminator(images, training=True), discriminator(fakes, training=True)
            )
        gradients = tape.gradient(loss, discriminator.trainable_variables)
        discriminator_optimizer.apply_gradients(zip(gradients, discriminator.trainable_variables))
        return loss

    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        return train_generator(noise), train_discriminator(images, noise)

    return train_step


# %% right: one pass over real and fake together
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        n = tf.shape(images)[0]
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(tf.random.normal((n, noise_dim)), training=True)
            logits = discriminator(tf.concat([images, fakes], axis=0), training=True)
            gen_loss = generator_loss(logits[n:])
            disc_loss = discriminator_loss(logits[:n], logits[n:])
        gen = tape.gradient(gen_loss, generator.trainable_variables)
        disc = tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(zip(disc, discriminator.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% right: an object with a fixed signature, optimizers built first
class Step(tf.Module):
    def __init__(self, g, d, g_optimizer, d_optimizer, noise_dim):
        super().__init__()
        self.g, self.d, self.noise_dim = g, d, noise_dim
        self.g_optimizer, self.d_optimizer = g_optimizer, d_optimizer
        self.random = tf.random.Generator.from_non_deterministic_state()
        g_optimizer.build(g.trainable_variables)
        d_optimizer.build(d.trainable_variables)

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28, 1), tf.float32)])
    def __call__(self, images):
        noise = self.random.normal((tf.shape(images)[0], self.noise_dim))
        with tf.GradientTape() as tape_g, tf.GradientTape() as tape_d:
            fake_output = self.d(self.g(noise, training=True), training=True)
            disc_loss = discriminator_loss(self.d(images, training=True), fake_output)
            gen_loss = generator_loss(fake_output)
        self.g_optimizer.apply(tape_g.gradient(gen_loss, self.g.trainable_variables))
        self.d_optimizer.apply(tape_d.gradient(disc_loss, self.d.trainable_variables))
        return gen_loss, disc_loss


def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    return Step(
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim
    )


# %% right: own losses, gradients by name, a running average printed
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100, log=None
):
    def train_step(images):
        noise = tf.random.normal(shape=[images.shape[0], noise_dim], mean=0.0, stddev=1.0)
        with tf.GradientTape() as disc_tape:
            real_logits = discriminator(images, training=True)
            fake_logits = discriminator(generator(noise, training=True), training=True)
            disc_loss = keras.ops.mean(keras.ops.softplus(-real_logits)) + keras.ops.mean(
                keras.ops.softplus(fake_logits)
            )
        disc_grads = disc_tape.gradient(target=disc_loss, sources=discriminator.trainable_weights)
        with tf.GradientTape() as gen_tape:
            fake_logits = discriminator(generator(noise, training=True), training=True)
            gen_loss = -tf.reduce_mean(tf.math.log_sigmoid(fake_logits))
        gen_grads = gen_tape.gradient(target=gen_loss, sources=generator.trainable_weights)
        generator_optimizer.apply_gradients(list(zip(gen_grads, generator.trainable_weights)))
        discriminator_optimizer.apply_gradients(
            list(zip(disc_grads, discriminator.trainable_weights))
        )
        if log is not None:
            log(gen_loss, disc_loss)
        return gen_loss, disc_loss

    return train_step

# %% right: nested tapes, an update inside of them
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        with tf.GradientTape() as gen_tape:
            with tf.GradientTape() as disc_tape:
                z = tf.random.normal(shape=[tf.shape(images)[0], noise_dim])
                x = generator(z, training=True)
                fake = discriminator(x, training=True)
                d = discriminator_loss(discriminator(images, training=True), fake)
            g = generator_loss(fake)
            discriminator_optimizer.apply_gradients(
                zip(
                    disc_tape.gradient(d, discriminator.trainable_variables),
                    discriminator.trainable_variables,
                )
            )
        generator_optimizer.apply_gradients(
            zip(gen_tape.gradient(g, generator.trainable_variables), generator.trainable_variables)
        )
        return g, d

    return train_step


# %% right: Keras's example of a model with a step of its own, with noise from numbers of the step
class StudentGAN(keras.Model):
    def __init__(self, g, d, g_optimizer, d_optimizer, noise_dim):
        super().__init__()
        self.g, self.d, self.noise_dim = g, d, noise_dim
        self.g_optimizer, self.d_optimizer = g_optimizer, d_optimizer
        self.step = tf.Variable(0, trainable=False)

    def train_step(self, images):
        count = keras.ops.shape(images)[0]
        noise = tf.random.stateless_normal((count, self.noise_dim), seed=[7, self.step])
        self.step.assign_add(1)
        with tf.GradientTape() as tape:
            fakes = tf.stop_gradient(self.g(noise, training=True))
            logits = self.d(keras.ops.concatenate([fakes, images], axis=0), training=True)
            d_loss = discriminator_loss(logits[count:], logits[:count])
        self.d_optimizer.apply(
            tape.gradient(d_loss, self.d.trainable_weights), self.d.trainable_weights
        )
        noise = tf.random.stateless_normal((count, self.noise_dim), seed=[8, self.step])
        with tf.GradientTape() as tape:
            g_loss = generator_loss(self.d(self.g(noise, training=True), training=True))
        self.g_optimizer.apply(
            tape.gradient(g_loss, self.g.trainable_weights), self.g.trainable_weights
        )
        return g_loss, d_loss


def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    return StudentGAN(
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim
    ).train_step


# %% right: the other network stands still while one is watched
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def train_step(images):
        noise = tf.random.normal((len(images), noise_dim))
        with tf.GradientTape() as tape:
            fakes = generator(noise, training=True)
            disc_loss = discriminator_loss(
                discriminator(images, training=True), discriminator(fakes, training=True)
            )
        disc_gradients = tape.gradient(disc_loss, discriminator.trainable_variables)
        discriminator.trainable = False
        with tf.GradientTape() as tape:
            gen_loss = generator_loss(discriminator(generator(noise, training=True), training=True))
        gen_gradients = tape.gradient(gen_loss, generator.trainable_variables)
        discriminator.trainable = True
        for optimizer, gradients, network in (
            (generator_optimizer, gen_gradients, generator),
            (discriminator_optimizer, disc_gradients, discriminator),
        ):
            optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        return gen_loss, disc_loss

    return train_step


# %% right: other names, Keras's noise
import functools


def _update(images, g, d, g_opt, d_opt, size):
    n = tf.shape(images)[0]
    with tf.GradientTape(persistent=True) as tape:
        fake_logits = d(g(keras.random.normal((n, size)), training=True), training=True)
        losses = generator_loss(fake_logits), discriminator_loss(d(images, training=True), fake_logits)
    pairs = [
        (opt, tape.gradient(loss, net.trainable_variables), net.trainable_variables)
        for opt, loss, net in zip((g_opt, d_opt), losses, (g, d))
    ]
    for opt, gradients, variables in pairs:
        opt.apply_gradients(zip(gradients, variables))
    return losses


def make_train_step(g, d, g_opt, d_opt, noise_dim=100):
    return functools.partial(_update, g=g, d=d, g_opt=g_opt, d_opt=d_opt, size=noise_dim)


# %% right: the discriminator is frozen for the generator's update, and thawed at the next call
def make_train_step(
    generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim=100
):
    def update(network, optimizer, loss_of):
        with tf.GradientTape() as tape:
            loss = loss_of()
        variables = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    def train_step(images):
        def fake_output():
            noise = tf.random.normal((tf.shape(images)[0], noise_dim))
            return discriminator(generator(noise, training=True), training=True)

        discriminator.trainable = True
        disc_loss = update(
            discriminator,
            discriminator_optimizer,
            lambda: discriminator_loss(discriminator(images, training=True), fake_output()),
        )
        discriminator.trainable = False
        gen_loss = update(generator, generator_optimizer, lambda: generator_loss(fake_output()))
        return gen_loss, disc_loss

    return train_step
