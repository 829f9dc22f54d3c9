# %% wrong: the discriminator is forgotten
# fails: make_checkpoint_manager_networks
# says: the discriminator's weights are not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: the networks alone
# fails: make_checkpoint_manager_optimizers
# says: the state of generator_optimizer is not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(generator=generator, discriminator=discriminator)
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: the optimizers alone
# fails: make_checkpoint_manager_networks
# says: an optimizer that was never used does not know its network
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator_optimizer=generator_optimizer, discriminator_optimizer=discriminator_optimizer
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: one optimizer twice
# fails: make_checkpoint_manager_optimizers
# says: the state of discriminator_optimizer is not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=generator_optimizer,
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: the tutorial's directory
# fails: make_checkpoint_manager_directory
# says: not saved in the given directory
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    return tf.train.CheckpointManager(checkpoint, "./training_checkpoints", max_to_keep=3)


# %% wrong: the checkpoint instead of its manager
# fails: make_checkpoint_manager_directory, make_checkpoint_manager_networks, make_checkpoint_manager_optimizers
# says: does not return a checkpoint manager
# score: 0
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    return tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )


# %% wrong: new optimizers are tracked
# fails: make_checkpoint_manager_optimizers
# says: is not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=keras.optimizers.Adam(1e-4),
        discriminator_optimizer=keras.optimizers.Adam(1e-4),
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: saves the new networks at once, over the trained ones
# fails: make_checkpoint_manager_directory, make_checkpoint_manager_networks, make_checkpoint_manager_optimizers
# says: no save() inside
# score: 0
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    manager = tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)
    manager.save()
    return manager


# %% wrong: restores at once, over what the caller has
# fails: make_checkpoint_manager_networks, make_checkpoint_manager_optimizers
# says: changes the networks or the optimizers
# score: 0
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    manager = tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)
    manager.restore_or_initialize()
    return manager


# %% wrong: the optimizers' variables, which a new optimizer does not have yet
# fails: make_checkpoint_manager_optimizers
# says: the optimizer itself, which may be new
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=list(generator_optimizer.variables),
        discriminator_optimizer=list(discriminator_optimizer.variables),
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: of the discriminator the trainable variables alone
# fails: make_checkpoint_manager_networks
# says: the discriminator's weights are not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=list(discriminator.trainable_variables),
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% wrong: the trainable variables alone, without BatchNormalization's averages
# fails: make_checkpoint_manager_networks
# says: the generator's weights are not saved
# score: 1
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator=list(generator.trainable_variables),
        discriminator=list(discriminator.trainable_variables),
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


# %% right: as in the TensorFlow tutorial, with a manager
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    checkpoint = tf.train.Checkpoint(
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
        generator=generator,
        discriminator=discriminator,
    )
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=None)


# %% right: other names, one checkpoint kept, an epoch too
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    return tf.train.CheckpointManager(
        tf.train.Checkpoint(
            g=generator,
            d=discriminator,
            g_opt=generator_optimizer,
            d_opt=discriminator_optimizer,
            epoch=tf.Variable(0),
        ),
        directory=directory,
        max_to_keep=1,
        checkpoint_name="dcgan",
    )


# %% right: a list of all four, in a module
def make_checkpoint_manager(
    directory, generator, discriminator, generator_optimizer, discriminator_optimizer
):
    root = tf.Module()
    root.parts = [generator, discriminator, generator_optimizer, discriminator_optimizer]
    return tf.train.CheckpointManager(
        tf.train.Checkpoint(root=root), str(directory), max_to_keep=5
    )
