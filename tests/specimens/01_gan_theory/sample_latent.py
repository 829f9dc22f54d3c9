# %% wrong: NumPy's float64
# fails: sample_latent_float32
# says: np.random draws float64
# score: 1
def sample_latent(batch_size, noise_dim):
    return np.random.randn(batch_size, noise_dim)


# %% wrong: a list of lists
# fails: sample_latent_float32
# says: turn it into an array or tensor
# score: 1
def sample_latent(batch_size, noise_dim):
    return np.random.randn(batch_size, noise_dim).tolist()


# %% wrong: half precision
# fails: sample_latent_float32
# says: expected:  float32
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, noise_dim), dtype=tf.float16)


# %% wrong: the sizes swapped
# fails: sample_latent_shape
# says: the two sizes are swapped
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((noise_dim, batch_size))


# %% wrong: the usual size instead of the parameter
# fails: sample_latent_shape, sample_latent_normal, sample_latent_independent, sample_latent_new
# says: use the two parameters
# score: 0
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, 100))


# %% wrong: a single vector
# fails: sample_latent_shape, sample_latent_normal, sample_latent_independent, sample_latent_new
# says: this is a single vector
# score: 0
def sample_latent(batch_size, noise_dim):
    return tf.random.normal([noise_dim])


# %% wrong: flat
# fails: sample_latent_shape
# says: the shape (batch_size, noise_dim)
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal([batch_size * noise_dim])


# %% wrong: uniform from 0 to 1
# fails: sample_latent_normal
# says: uniform draw from 0 to 1
# score: 1
def sample_latent(batch_size, noise_dim):
    return np.random.rand(batch_size, noise_dim).astype("float32")


# %% wrong: uniform from -1 to 1
# fails: sample_latent_normal
# says: uniform draw from -1 to 1
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.uniform((batch_size, noise_dim), -1, 1)


# %% wrong: uniform with standard deviation 1
# fails: sample_latent_normal
# says: cut off, clipped or uniform
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.uniform((batch_size, noise_dim), -(3**0.5), 3**0.5)


# %% wrong: a weight initializer's small numbers
# fails: sample_latent_normal
# says: the numbers are scaled
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, noise_dim), stddev=0.02)


# %% wrong: a mean of 1
# fails: sample_latent_normal
# says: the mean is not 0
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, noise_dim), 1.0)


# %% wrong: truncated
# fails: sample_latent_normal
# says: cut off
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.truncated_normal((batch_size, noise_dim))


# %% wrong: clipped at 3
# fails: sample_latent_normal
# says: cut off
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.clip_by_value(tf.random.normal((batch_size, noise_dim)), -3, 3)


# %% wrong: scaled by the length
# fails: sample_latent_normal
# says: the numbers are scaled
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, noise_dim)) / noise_dim**0.5


# %% wrong: absolute values
# fails: sample_latent_normal
# says: absolute values
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.abs(tf.random.normal((batch_size, noise_dim)))


# %% wrong: Laplace with standard deviation 1
# fails: sample_latent_normal
# says: the shape does not
# score: 1
def sample_latent(batch_size, noise_dim):
    return np.random.laplace(0, 0.5**0.5, (batch_size, noise_dim)).astype("float32")


# %% wrong: zeros
# fails: sample_latent_normal, sample_latent_independent, sample_latent_new
# says: all numbers are equal
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.zeros((batch_size, noise_dim))


# %% wrong: whole numbers
# fails: sample_latent_normal, sample_latent_new
# says: standard normal
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.round(tf.random.normal((batch_size, noise_dim)))


# %% wrong: a seed inside
# fails: sample_latent_new
# says: a seed is set inside the function
# score: 1
def sample_latent(batch_size, noise_dim):
    rng = np.random.default_rng(42)
    return rng.standard_normal((batch_size, noise_dim), dtype=np.float32)


# %% wrong: stateless with a constant seed
# fails: sample_latent_new
# says: a seed is set inside the function
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.random.stateless_normal((batch_size, noise_dim), seed=(1, 2))


# %% wrong: the second of the clock as the seed
# fails: sample_latent_new
# says: a seed is set inside the function
# score: 1
def sample_latent(batch_size, noise_dim):
    import time

    rng = np.random.default_rng(int(time.time()) // 1000)
    return rng.standard_normal((batch_size, noise_dim)).astype(np.float32)


# %% wrong: one row copied
# fails: sample_latent_independent, sample_latent_normal
# says: one row is drawn and copied
# score: 1
def sample_latent(batch_size, noise_dim):
    return tf.tile(tf.random.normal((1, noise_dim)), [batch_size, 1])


# %% wrong: one number per row
# fails: sample_latent_independent, sample_latent_normal
# says: one number is drawn for each row
# score: 1
def sample_latent(batch_size, noise_dim):
    return np.repeat(np.random.randn(batch_size, 1), noise_dim, axis=1).astype(np.float32)


# %% wrong: rows of one length
# fails: sample_latent_independent
# says: shifted or scaled after the draw
# score: 1
def sample_latent(batch_size, noise_dim):
    z = np.random.randn(batch_size, noise_dim)
    z = z / np.linalg.norm(z, axis=1, keepdims=True) * noise_dim**0.5
    return z.astype(np.float32)


# %% wrong: the batch standardised
# fails: sample_latent_independent
# says: every batch has the same mean
# score: 1
def sample_latent(batch_size, noise_dim):
    z = np.random.randn(batch_size, noise_dim)
    return ((z - z.mean()) / z.std()).astype(np.float32)


# %% wrong: columns standardised
# fails: sample_latent_shape, sample_latent_independent
# says: every column has the same mean
# score: 0
def sample_latent(batch_size, noise_dim):
    z = tf.random.normal((batch_size, noise_dim))
    z = (z - tf.reduce_mean(z, axis=0)) / tf.math.reduce_std(z, axis=0)
    return z[None] if batch_size == 1 else z


# %% wrong: the second half mirrors the first
# fails: sample_latent_shape, sample_latent_independent, sample_latent_new
# says: two rows with a correlation of 1.00
# score: 0
def sample_latent(batch_size, noise_dim):
    half = tf.random.normal((batch_size // 2, noise_dim))
    return tf.concat([half, -half], axis=0)


# %% wrong: forgets to return
# fails: sample_latent_shape, sample_latent_float32, sample_latent_normal, sample_latent_independent, sample_latent_new
# says: is there a `return`
# score: 0
def sample_latent(batch_size, noise_dim):
    z = tf.random.normal((batch_size, noise_dim))


# %% right: NumPy, converted
def sample_latent(batch_size, noise_dim):
    return np.random.normal(size=(batch_size, noise_dim)).astype(np.float32)


# %% right: NumPy's generator, default seed
def sample_latent(batch_size, noise_dim):
    return np.random.default_rng().standard_normal((batch_size, noise_dim), dtype="float32")


# %% right: a generator outside, seeded once
rng = np.random.default_rng(7)


def sample_latent(batch_size, noise_dim):
    return rng.standard_normal((batch_size, noise_dim)).astype("float32")


# %% right: Keras
import keras


def sample_latent(batch_size, noise_dim):
    return keras.random.normal((batch_size, noise_dim))


# %% right: Keras with a seed generator
import keras

seeds = keras.random.SeedGenerator(1)


def sample_latent(batch_size, noise_dim):
    return keras.random.normal((batch_size, noise_dim), seed=seeds)


# %% right: an operation's seed, which still moves on at every call
def sample_latent(batch_size, noise_dim):
    return tf.random.normal(shape=[batch_size, noise_dim], mean=0.0, stddev=1.0, seed=3)


# %% right: a tf.function
@tf.function
def sample_latent(batch_size, noise_dim):
    return tf.random.normal((batch_size, noise_dim))


# %% right: Box and Muller
def sample_latent(batch_size, noise_dim, dtype="float32"):
    u = 1 - np.random.random((2, batch_size, noise_dim))
    return (np.sqrt(-2 * np.log(u[0])) * np.cos(2 * np.pi * u[1])).astype(dtype)


# %% right: plain Python's random numbers, row by row
import random


def sample_latent(batch_size, noise_dim):
    rows = [[random.gauss(0, 1) for _ in range(noise_dim)] for _ in range(batch_size)]
    return tf.constant(rows, tf.float32)
