# %% wrong: the oldest checkpoint
# fails: restore_latest_newest
# says: an older checkpoint
# score: 0
def restore_latest(manager):
    if not manager.checkpoints:
        return None
    manager.checkpoint.restore(manager.checkpoints[0])
    return manager.checkpoints[0]


# %% wrong: the last name in alphabetical order
# fails: restore_latest_newest
# says: an older checkpoint
# score: 0
def restore_latest(manager):
    paths = sorted(manager.checkpoints)
    if not paths:
        return None
    manager.checkpoint.restore(paths[-1]).expect_partial()
    return paths[-1]


# %% wrong: nothing is restored
# fails: restore_latest_newest, restore_latest_optimizers
# says: nothing was restored
# score: 0
def restore_latest(manager):
    return manager.latest_checkpoint


# %% wrong: nothing is returned
# fails: restore_latest_newest, restore_latest_optimizers
# says: there is no `return`
# score: 0
def restore_latest(manager):
    if manager.latest_checkpoint is not None:
        manager.checkpoint.restore(manager.latest_checkpoint)


# %% wrong: the status is returned
# fails: restore_latest_newest, restore_latest_none, restore_latest_optimizers
# says: this is not a path
# score: 0
def restore_latest(manager):
    return manager.checkpoint.restore(manager.latest_checkpoint)


# %% wrong: stops when there is no checkpoint
# fails: restore_latest_none
# says: your code stopped with IndexError
# score: 0
def restore_latest(manager):
    path = manager.checkpoints[-1]
    manager.checkpoint.restore(path)
    return path


# %% wrong: an empty text when there is no checkpoint
# fails: restore_latest_none
# says: does not return None
# score: 0
def restore_latest(manager):
    path = manager.latest_checkpoint or ""
    if path:
        manager.checkpoint.restore(path)
    return path


# %% wrong: a fixed folder
# fails: restore_latest_newest, restore_latest_optimizers
# says: nothing was restored
# score: 0
def restore_latest(manager):
    path = tf.train.latest_checkpoint("./training_checkpoints")
    if path is not None:
        manager.checkpoint.restore(path)
    return path


# %% wrong: insists that everything is there already
# fails: restore_latest_optimizers
# says: leave assert_consumed() out
# score: 0
def restore_latest(manager):
    path = manager.latest_checkpoint
    if path is not None:
        manager.checkpoint.restore(path).assert_consumed()
    return path


# %% wrong: the networks alone
# fails: restore_latest_optimizers
# says: is not restored
# score: 0
def restore_latest(manager):
    path = manager.latest_checkpoint
    if path is not None:
        checkpoint = tf.train.Checkpoint(
            generator=manager.checkpoint.generator, discriminator=manager.checkpoint.discriminator
        )
        checkpoint.restore(path).expect_partial()
    return path


# %% wrong: catches what assert_consumed says
# fails: restore_latest_optimizers
# says: an error was caught
# score: 0
def restore_latest(manager):
    try:
        manager.checkpoint.restore(manager.latest_checkpoint).assert_consumed()
        return manager.latest_checkpoint
    except AssertionError:
        return None


# %% wrong: saves when there is no checkpoint
# fails: restore_latest_none
# says: saves a checkpoint
# score: 0
def restore_latest(manager):
    path = manager.latest_checkpoint
    if path is None:
        manager.save()
    else:
        manager.checkpoint.restore(path)
    return path


# %% right: by the manager
def restore_latest(manager):
    return manager.restore_or_initialize()


# %% right: restore ignores None
def restore_latest(manager):
    path = manager.latest_checkpoint
    manager.checkpoint.restore(path)
    return path


# %% right: asks the folder
def restore_latest(manager):
    latest = tf.train.latest_checkpoint(manager.directory)
    if latest:
        status = manager.checkpoint.restore(latest)
        status.assert_existing_objects_matched()
        print("restored", latest)
        return latest
    return None


# %% right: the last of the list, read
def restore_latest(manager):
    if len(manager.checkpoints) == 0:
        return None
    path = manager.checkpoints[-1]
    manager.checkpoint.read(path).expect_partial()
    return path
