# %% wrong: one vector repeated
# fails: repair_sampling_independent, repair_sampling_normal
# says: a vector is repeated
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    noise = tf.repeat(tf.random.normal((1, noise_dim)), n, axis=0)
    return generator(noise, training=False)


# %% wrong: still in training mode
# fails: repair_sampling_inference
# says: call generator(noise, training=False)
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((n, noise_dim)), training=True)


# %% wrong: warmed up in training mode
# fails: repair_sampling_inference
# says: moves its statistics
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    generator(tf.random.normal((n, noise_dim)), training=True)
    return generator(tf.random.normal((n, noise_dim)), training=False)


# %% wrong: standard deviation 0.5
# fails: repair_sampling_normal
# says: mean 0 and standard deviation 1
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((n, noise_dim), stddev=0.5), training=False)


# %% wrong: truncated
# fails: repair_sampling_normal
# says: standard
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.truncated_normal((n, noise_dim)), training=False)


# %% wrong: whole batches of 10 only
# fails: repair_sampling_images, repair_sampling_independent, repair_sampling_noise_dim, repair_sampling_inference
# says: has the wrong shape
# score: 0
def repair_sampling(generator, n, noise_dim=100):
    made = [np.zeros((0, 28, 28, 1), np.float32)]
    made += [generator(tf.random.normal((10, noise_dim)), training=False) for _ in range(n // 10)]
    return np.concatenate(made)


# %% wrong: noise_dim ignored
# fails: repair_sampling_noise_dim
# says: use the parameter noise_dim
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((n, 100)), training=False)


# %% wrong: another default
# fails: repair_sampling_noise_dim
# says: another length when noise_dim is not given
# score: 1
def repair_sampling(generator, n, noise_dim=64):
    return generator(tf.random.normal((n, noise_dim)), training=False)


# %% wrong: always sixteen
# fails: repair_sampling_images, repair_sampling_independent, repair_sampling_normal, repair_sampling_new, repair_sampling_noise_dim, repair_sampling_inference
# says: has the wrong shape
# score: 0
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((16, noise_dim)), training=False)


# %% wrong: noise drawn outside
# fails: repair_sampling_new
# says: drawn outside it
# score: 1
_pool = tf.random.normal((2000, 1000))


def repair_sampling(generator, n, noise_dim=100):
    return generator(_pool[:n, :noise_dim], training=False)


# %% wrong: a fixed seed
# fails: repair_sampling_new
# says: a seed is set inside the function
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    noise = np.random.default_rng(0).normal(size=(n, noise_dim))
    return generator(tf.constant(noise, tf.float32), training=False)


# %% wrong: uniform
# fails: repair_sampling_normal
# says: standard
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.uniform((n, noise_dim), -1, 1), training=False)


# %% wrong: one vector with noise around it
# fails: repair_sampling_independent, repair_sampling_normal
# says: one vector is made from another
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    one = tf.random.normal((1, noise_dim))
    return generator(one + tf.random.normal((n, noise_dim)), training=False)


# %% wrong: a part in common
# fails: repair_sampling_independent
# says: all have a part in common
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    common = tf.math.ndtri(tf.linspace(0.5, noise_dim - 0.5, noise_dim) / noise_dim)
    return generator(0.6 * common + 0.8 * tf.random.normal((n, noise_dim)), training=False)


# %% wrong: second half mirrored
# fails: repair_sampling_independent
# says: one vector is made from another
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    half = tf.random.normal(((n + 1) // 2, noise_dim))
    return generator(tf.concat([half, -half], axis=0)[:n], training=False)


# %% wrong: one number for each image
# fails: repair_sampling_independent, repair_sampling_normal
# says: draw n times noise_dim numbers
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.repeat(tf.random.normal((n, 1)), noise_dim, axis=1), training=False)


# %% wrong: uint8 pixels
# fails: repair_sampling_images, repair_sampling_independent, repair_sampling_normal, repair_sampling_new, repair_sampling_noise_dim, repair_sampling_inference
# says: has the wrong shape
# score: 0
def repair_sampling(generator, n, noise_dim=100):
    images = generator(tf.random.normal((n, noise_dim)), training=False)
    return tf.cast(tf.round(images * 127.5 + 127.5), tf.uint8)[..., 0]


# %% wrong: scaled to [0, 1]
# fails: repair_sampling_images, repair_sampling_independent, repair_sampling_normal, repair_sampling_new, repair_sampling_noise_dim, repair_sampling_inference
# says: without scaling or rounding
# score: 0
def repair_sampling(generator, n, noise_dim=100):
    return (generator(tf.random.normal((n, noise_dim)), training=False) + 1) / 2


# %% wrong: never more than 100 numbers
# fails: repair_sampling_noise_dim
# says: with noise_dim=150
# score: 1
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((n, 100))[:, :noise_dim], training=False)


# %% wrong: a list of images
# fails: repair_sampling_images, repair_sampling_independent, repair_sampling_normal, repair_sampling_new, repair_sampling_noise_dim, repair_sampling_inference
# says: is not one array
# score: 0
def repair_sampling(generator, n, noise_dim=100):
    noise = tf.random.normal((n, noise_dim))
    return [generator(z[tf.newaxis], training=False)[0] for z in noise]



# %% right: TensorFlow
def repair_sampling(generator, n, noise_dim=100):
    return generator(tf.random.normal((n, noise_dim)), training=False)


# %% right: predict
def repair_sampling(generator, n, noise_dim=100):
    return generator.predict(np.random.standard_normal((n, noise_dim)), verbose=0)


# %% right: a compiled function, and a generator of random numbers
_numbers = tf.random.Generator.from_non_deterministic_state()


def repair_sampling(generator, n, noise_dim=100):
    @tf.function
    def draw():
        return generator(_numbers.normal((n, noise_dim)), training=False)

    return draw()


# %% right: one after the other
def repair_sampling(generator, n, noise_dim=100):
    images = [generator(tf.random.normal((1, noise_dim)), training=False) for _ in range(n)]
    return tf.concat(images, axis=0)


# %% right: NumPy, in a list of parts
def repair_sampling(generator, n, noise_dim=100):
    rng = np.random.default_rng()
    noise = rng.standard_normal((n, noise_dim)).astype(np.float32)
    parts = [generator(part, training=False).numpy() for part in np.array_split(noise, 2) if len(part)]
    return np.concatenate(parts)


# %% right: through the function of an earlier lesson
from dcgan_lib.models import generate_images


def repair_sampling(generator, n, noise_dim=100):
    return generate_images(generator, keras.random.normal((n, noise_dim)))
