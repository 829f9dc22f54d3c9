# %% wrong: one epoch only
# fails: train_batches, train_order, train_ends, train_history
# says: only one epoch is done
# score: 0
def train(dataset, epochs, train_step, on_epoch_end=None):
    losses = [train_step(images) for images in dataset]
    if on_epoch_end:
        on_epoch_end(1)
    return [tuple(float(sum(part)) / len(losses) for part in zip(*losses))]


# %% wrong: epochs count from 0
# fails: train_ends
# says: epochs count from 1
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(epochs):
        losses = [train_step(images) for images in dataset]
        if on_epoch_end is not None:
            on_epoch_end(epoch)
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
    return history


# %% wrong: on_epoch_end after every batch
# fails: train_ends
# says: not inside of it
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = []
        for images in dataset:
            losses.append(train_step(images))
            if on_epoch_end is not None:
                on_epoch_end(epoch)
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
    return history


# %% wrong: on_epoch_end before the batches
# fails: train_ends
# says: after its last batch
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        if on_epoch_end is not None:
            on_epoch_end(epoch)
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
    return history


# %% wrong: on_epoch_end is never called
# fails: train_ends
# says: on_epoch_end is never called
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
    return history


# %% wrong: on_epoch_end is called although it is None
# fails: train_batches, train_order, train_history
# says: your code stopped with TypeError
# score: 1
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        on_epoch_end(epoch)
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
    return history


# %% wrong: the last batch's losses
# fails: train_history
# says: these are the losses of the last batch
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        for images in dataset:
            gen_loss, disc_loss = train_step(images)
        history.append((float(gen_loss), float(disc_loss)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: the sums are never set back to 0
# fails: train_history
# says: the sums go on over the epochs
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history, gen_sum, disc_sum, count = [], 0.0, 0.0, 0
    for epoch in range(1, epochs + 1):
        for images in dataset:
            gen_loss, disc_loss = train_step(images)
            gen_sum += float(gen_loss)
            disc_sum += float(disc_loss)
            count += 1
        history.append((gen_sum / count, disc_sum / count))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: sums instead of means
# fails: train_history
# says: the losses are added up
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(sum(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: larger batches count more
# fails: train_history
# says: larger batches count more
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        sums, count = np.zeros(2), 0
        for images in dataset:
            n = int(images.shape[0])
            sums += n * np.array([float(x) for x in train_step(images)])
            count += n
        history.append(tuple(float(x) for x in sums / count))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: tensors instead of floats
# fails: train_history
# says: does not return Python floats
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(tf.reduce_mean(part) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: NumPy's float32
# fails: train_history
# says: turn each mean into a number with float(...)
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(np.mean(part, dtype=np.float32) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: the batches are kept, so that they are never shuffled again
# fails: train_order
# says: keep no list of the batches
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    batches, history = list(dataset), []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in batches]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: the return stands inside of the loop
# fails: train_batches, train_order, train_ends, train_history
# says: only one epoch is done
# score: 0
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
        return history


# %% wrong: the history is not returned
# fails: train_history
# says: there is no `return`
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)


# %% wrong: the losses are exchanged
# fails: train_history
# says: gen_loss comes first
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        gen_loss, disc_loss = (float(np.mean(part)) for part in zip(*losses))
        history.append((disc_loss, gen_loss))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: one flat list
# fails: train_history
# says: does not return one entry for each epoch
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history += [float(np.mean(part)) for part in zip(*losses)]
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: one epoch too few
# fails: train_batches, train_order, train_ends, train_history
# says: or an epoch is missing
# score: 0
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: one history for all calls
# fails: train_history
# says: the list of an earlier call goes on
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None, history=[]):
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: on_epoch_end gets its number by name
# fails: train_ends
# says: passed as keyword arguments: 'epoch'
# score: 2
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch=epoch)
    return history


# %% wrong: the batches are shuffled once more
# fails: train_batches, train_ends
# says: in another order
# score: 1
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset.shuffle(1000, seed=1)]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% wrong: a graph around the train step
# fails: train_batches, train_order, train_ends, train_history
# says: inside of a tf.function
# score: 0
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    step = tf.function(train_step)
    for epoch in range(1, epochs + 1):
        losses = [step(images) for images in dataset]
        history.append(tuple(float(np.mean(part)) for part in zip(*losses)))
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% right: sums as floats
def train(dataset, epochs, train_step, on_epoch_end=None):
    history = []
    for epoch in range(epochs):
        gen_sum = disc_sum = 0.0
        for batches, images in enumerate(dataset, start=1):
            gen_loss, disc_loss = train_step(images)
            gen_sum += float(gen_loss)
            disc_sum += float(disc_loss)
        history.append((gen_sum / batches, disc_sum / batches))
        if on_epoch_end:
            on_epoch_end(epoch + 1)
    return history


# %% right: Keras metrics, set back in each epoch; the time is printed
import time


def train(dataset, epochs, train_step, on_epoch_end=None):
    means = [keras.metrics.Mean(), keras.metrics.Mean()]
    history = []
    for epoch in range(1, epochs + 1):
        started = time.monotonic()
        for images in dataset:
            for mean, loss in zip(means, train_step(images)):
                mean.update_state(loss)
        history.append(tuple(float(mean.result()) for mean in means))
        for mean in means:
            mean.reset_state()
        print(f"epoch {epoch}: {time.monotonic() - started:.1f} s")
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


# %% right: two lists, NumPy means as items
def train(dataset, epochs, train_step, on_epoch_end=None):
    results = []
    for epoch in range(1, epochs + 1):
        gen, disc = [], []
        for batch in dataset:
            losses = train_step(batch)
            gen.append(losses[0].numpy())
            disc.append(losses[1].numpy())
        results.append((np.mean(gen).item(), np.mean(disc).item()))
        if callable(on_epoch_end):
            on_epoch_end(epoch)
    return results


# %% right: NumPy's float64, which is a float
def train(dataset, epochs, train_step, on_epoch_end=None, verbose=False):
    def one_epoch():
        return tuple(np.mean([[float(x) for x in train_step(b)] for b in dataset], axis=0))

    history = []
    for epoch in range(1, epochs + 1):
        history.append(one_epoch())
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history
