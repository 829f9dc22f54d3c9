# %% wrong: straight line
# fails: interpolate_path
# says: this is the straight line
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([lerp(z0, z1, t) for t in np.linspace(0, 1, steps)])
    return generate_images(generator, path)


# %% wrong: linspace between the vectors
# fails: interpolate_path
# says: this is the straight line
# score: 0
def interpolate(generator, z0, z1, steps):
    return generate_images(generator, np.linspace(z0, z1, steps))


# %% wrong: the end is missing
# fails: interpolate_path
# says: the end z1 is missing
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, i / steps) for i in range(steps)])
    return generate_images(generator, path)


# %% wrong: steps counts the gaps
# fails: interpolate_shape, interpolate_path
# says: steps counts the images
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps + 1)])
    return generate_images(generator, path)


# %% wrong: without the ends
# fails: interpolate_path
# says: both ends belong to the path
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps + 2)[1:-1]])
    return generate_images(generator, path)


# %% wrong: backwards
# fails: interpolate_path
# says: the path runs backwards
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z1, z0, t) for t in np.linspace(0, 1, steps)])
    return generate_images(generator, path)


# %% wrong: always ten steps
# fails: interpolate_shape, interpolate_path
# says: steps counts the images
# score: 0
def interpolate(generator, z0, z1, steps=10):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, 10)])
    return generate_images(generator, path)


# %% wrong: 100 numbers, whatever the generator takes
# fails: interpolate_shape, interpolate_path, interpolate_mode
# says: your code stopped with ValueError
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.zeros((steps, 100), np.float32)
    for i, t in enumerate(np.linspace(0, 1, steps)):
        path[i] = slerp(z0, z1, t)
    return generate_images(generator, path)


# %% wrong: no mode said
# fails: interpolate_mode
# says: unless told otherwise
# score: 0
def interpolate(generator, z0, z1, steps):
    return generator(np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)]))


# %% wrong: training mode
# fails: interpolate_mode
# says: the generator ran in training mode
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)])
    return generator(path, training=True)


# %% wrong: frozen, which leaves Dropout on
# fails: interpolate_mode
# says: the generator ran in training mode
# score: 0
def interpolate(generator, z0, z1, steps):
    generator.trainable = False
    images = generator(np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)]))
    generator.trainable = True
    return images


# %% wrong: warms up in training mode
# fails: interpolate_mode
# says: the generator ran in training mode
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)])
    generator(path, training=True)
    return generate_images(generator, path)


# %% wrong: an axis for each call
# fails: interpolate_shape, interpolate_path
# says: along the first axis
# score: 0
def interpolate(generator, z0, z1, steps):
    times = np.linspace(0, 1, steps)
    return np.stack([generate_images(generator, slerp(z0, z1, t)[None]) for t in times])


# %% wrong: grey values for the screen
# fails: interpolate_path
# says: the images stay in [-1, 1]
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)])
    return np.asarray(generate_images(generator, path)) * 127.5 + 127.5


# %% wrong: from one image to another, pixel by pixel
# fails: interpolate_path
# says: this is the straight line
# score: 0
def interpolate(generator, z0, z1, steps):
    first, last = np.asarray(generate_images(generator, np.stack([z0, z1])))
    return np.stack([lerp(first, last, t) for t in np.linspace(0, 1, steps)])


# %% wrong: without the channel
# fails: interpolate_shape, interpolate_path
# says: an image keeps its channel
# score: 0
def interpolate(generator, z0, z1, steps):
    path = np.stack([slerp(z0, z1, t) for t in np.linspace(0, 1, steps)])
    return generate_images(generator, path)[..., 0]


# %% wrong: arange, whose end depends on rounding
# fails: interpolate_shape
# says: steps counts the images
# score: 0
def interpolate(generator, z0, z1, steps):
    times = [*np.arange(0, 1, 1 / (steps - 1)), 1.0]
    return generate_images(generator, np.stack([slerp(z0, z1, t) for t in times]))


# %% wrong: a list of images
# fails: interpolate_shape, interpolate_path, interpolate_mode
# says: join the parts with np.stack
# score: 0
def interpolate(generator, z0, z1, steps):
    times = np.linspace(0, 1, steps)
    return [generate_images(generator, slerp(z0, z1, t)[None])[0] for t in times]


# %% right: one batch of the arc's rows, t as an array
def interpolate(generator, z0, z1, steps):
    path = [slerp(z0, z1, i / (steps - 1)) for i in range(steps)]
    return generator(tf.stack(path), training=False)


# %% right: one image at a time
def interpolate(generator, z0, z1, steps):
    images = []
    for t in np.linspace(0.0, 1.0, num=steps):
        images.append(generator(np.expand_dims(slerp(z0, z1, t), 0), training=False)[0])
    return tf.stack(images)


# %% right: predict
def interpolate(generator, z0, z1, steps):
    path = np.array([slerp(z0, z1, t) for t in tf.linspace(0.0, 1.0, steps).numpy().tolist()])
    return generator.predict(path, verbose=0)


# %% right: concatenated, as NumPy
def interpolate(model, start, end, steps, batch_size=2):
    path = np.concatenate([slerp(start, end, t)[np.newaxis] for t in np.linspace(0, 1, steps)])
    parts = [model(path[i : i + batch_size], training=False) for i in range(0, steps, batch_size)]
    return tf.concat(parts, axis=0).numpy()
