# %% wrong: does not shuffle
# fails: make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_fills_buffer
# says: nothing is shuffled
# score: 1
def make_dataset(images, buffer_size, batch_size):
    return tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)


# %% wrong: does not keep what shuffle returns
# fails: make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_fills_buffer
# says: keep the dataset which it returns
# score: 1
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset.shuffle(buffer_size)
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: keeps the partial batch, as the tutorial does
# fails: make_dataset_drops_remainder
# says: see drop_remainder
# score: 3
def make_dataset(images, buffer_size, batch_size):
    return tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).batch(batch_size)


# %% wrong: batch before shuffle
# fails: make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: batch stands before shuffle
# score: 1
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)
    return dataset.shuffle(buffer_size)


# %% wrong: shuffles the images, and the batches again
# fails: make_dataset_limits_buffer
# says: shuffle once, before batch
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)
    return dataset.batch(batch_size, drop_remainder=True).shuffle(buffer_size)


# %% wrong: one order for all passes
# fails: make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_fills_buffer
# says: the order is made once
# score: 1
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset = dataset.shuffle(buffer_size, reshuffle_each_iteration=False)
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: shuffled once by NumPy
# fails: make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: the order is made once
# score: 1
def make_dataset(images, buffer_size, batch_size):
    order = np.random.permutation(len(images))
    return tf.data.Dataset.from_tensor_slices(images[order]).batch(batch_size, drop_remainder=True)


# %% wrong: cache stores the order of the first pass
# fails: make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_fills_buffer
# says: no cache after shuffle
# score: 1
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).cache()
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: the parameter buffer_size is not used
# fails: make_dataset_limits_buffer
# says: use the parameter buffer_size in shuffle
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images))
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: a buffer of the batch's size
# fails: make_dataset_limits_buffer, make_dataset_fills_buffer
# says: use the parameter buffer_size in shuffle
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(batch_size)
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: a buffer that is never larger than 1,000
# fails: make_dataset_fills_buffer
# says: any of the images 0 to 1999 can be the first
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(min(buffer_size, 1000))
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: a buffer that holds one image less
# fails: make_dataset_limits_buffer, make_dataset_fills_buffer
# says: buffer_size
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size - 1)
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: buffer size and batch size exchanged
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: use the parameter `batch_size`
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(batch_size)
    return dataset.batch(buffer_size, drop_remainder=True)


# %% wrong: the chapter's batch size instead of the parameter
# fails: make_dataset_batches, make_dataset_drops_remainder
# says: use the parameter `batch_size`
# score: 3
def make_dataset(images, buffer_size, batch_size):
    return tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).batch(256)


# %% wrong: endless
# fails: make_dataset_drops_remainder
# says: a pass is too long
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).repeat()
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: repeats before it shuffles, and ends after n // batch_size batches
# fails: make_dataset_keeps_images
# says: repeat before shuffle mixes two passes
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).repeat().shuffle(buffer_size)
    return dataset.batch(batch_size).take(len(images) // batch_size)


# %% wrong: cuts the array to full batches beforehand
# fails: make_dataset_every_image
# says: drop the rest after that, in batch
# score: 2
def make_dataset(images, buffer_size, batch_size):
    full = len(images) // batch_size * batch_size
    return tf.data.Dataset.from_tensor_slices(images[:full]).shuffle(buffer_size).batch(batch_size)


# %% wrong: drops the last full batch as well
# fails: make_dataset_drops_remainder
# says: only the last batch is dropped, if it is too small
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).batch(batch_size)
    return dataset.take((len(images) - 1) // batch_size)


# %% wrong: drops the first images of the pass instead of the last
# fails: make_dataset_limits_buffer
# says: an image comes too early
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)
    return dataset.skip(len(images) % batch_size).batch(batch_size)


# %% wrong: with labels
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: without labels
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((images, np.ones(len(images))))
    return dataset.shuffle(buffer_size).batch(batch_size, drop_remainder=True)


# %% wrong: scales the images once more
# fails: make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: they are scaled already
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((images - 127.5) / 127.5)
    return dataset.shuffle(buffer_size).batch(batch_size, drop_remainder=True)


# %% wrong: flips images, as for a classifier
# fails: make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: the images were changed
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)
    dataset = dataset.map(lambda image: image[:, ::-1])
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: float64
# fails: make_dataset_batches
# says: leave the images as they are
# score: 3
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images.astype(np.float64))
    return dataset.shuffle(buffer_size).batch(batch_size, drop_remainder=True)


# %% wrong: forgets to batch
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: these are single images: use batch
# score: 0
def make_dataset(images, buffer_size, batch_size):
    return tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)


# %% wrong: from_tensors makes one element of all images
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: from_tensors makes one element of all images: use from_tensor_slices
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensors(images).shuffle(buffer_size)
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: a list of batches
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: return the dataset itself
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)
    return list(dataset.batch(batch_size, drop_remainder=True))


# %% wrong: a generator that is used up after one pass
# fails: make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: used up
# score: 0
def make_dataset(images, buffer_size, batch_size):
    stream = iter(images)
    spec = tf.TensorSpec((28, 28, 1), tf.float32)
    dataset = tf.data.Dataset.from_generator(lambda: stream, output_signature=spec)
    return dataset.shuffle(buffer_size).batch(batch_size, drop_remainder=True)


# %% wrong: draws with replacement
# fails: make_dataset_keeps_images, make_dataset_limits_buffer
# says: an image occurs twice in one pass
# score: 2
def make_dataset(images, buffer_size, batch_size):
    count = len(images)
    dataset = tf.data.Dataset.range(count)
    dataset = dataset.map(lambda i: tf.random.uniform((), 0, count, tf.int64))
    dataset = dataset.map(lambda i: tf.gather(images, i))
    return dataset.batch(batch_size, drop_remainder=True)


# %% wrong: returns nothing
# fails: make_dataset_batches, make_dataset_drops_remainder, make_dataset_keeps_images, make_dataset_reshuffles, make_dataset_mixes_images, make_dataset_every_image, make_dataset_limits_buffer, make_dataset_fills_buffer
# says: is there a `return`
# score: 0
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size)
    dataset = dataset.batch(batch_size, drop_remainder=True)


# %% right: in a chain, with prefetch
def make_dataset(images, buffer_size, batch_size):
    return (
        tf.data.Dataset.from_tensor_slices(images)
        .cache()
        .shuffle(buffer_size, reshuffle_each_iteration=True)
        .batch(batch_size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )


# %% right: shuffles numbers and gathers the images
def make_dataset(images, buffer_size, batch_size):
    images = tf.constant(images)
    numbers = tf.data.Dataset.range(len(images)).shuffle(min(buffer_size, len(images)))
    numbers = numbers.batch(batch_size, drop_remainder=True)
    return numbers.map(lambda chosen: tf.gather(images, chosen), num_parallel_calls=2)


# %% right: filters the partial batch out
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size).batch(batch_size)
    return dataset.filter(lambda batch: tf.shape(batch)[0] == batch_size)


# %% right: takes the full batches
def make_dataset(images, buffer_size, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(tf.convert_to_tensor(images))
    return dataset.shuffle(buffer_size).batch(batch_size).take(len(images) // batch_size)


# %% right: with a seed, which still gives each pass its own order
def make_dataset(images, buffer_size, batch_size, seed=7):
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(buffer_size, seed=seed)
    return dataset.batch(batch_size, drop_remainder=True)


# %% right: a generator with a buffer of its own
def make_dataset(images, buffer_size, batch_size):
    def stream():
        rng, buffer = np.random.default_rng(), []
        for image in images:
            buffer.append(image)
            if len(buffer) == buffer_size:
                yield buffer.pop(rng.integers(len(buffer)))
        rng.shuffle(buffer)
        yield from buffer

    spec = tf.TensorSpec((28, 28, 1), tf.float32)
    dataset = tf.data.Dataset.from_generator(stream, output_signature=spec)
    return dataset.batch(batch_size, drop_remainder=True)
