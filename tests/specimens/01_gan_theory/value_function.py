# %% wrong: sums instead of means
# fails: value_function_value, value_function_lengths, value_function_small
# says: the sums are added
# score: 0
def value_function(d_real, d_fake):
    return np.sum(np.log(d_real)) + np.sum(np.log(1 - d_fake))


# %% wrong: log of d_fake
# fails: value_function_value, value_function_lengths, value_function_small
# says: not log(d_fake)
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real)) + np.mean(np.log(d_fake))


# %% wrong: one minus the log
# fails: value_function_value, value_function_lengths, value_function_small
# says: not 1 - log(d_fake)
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real)) + np.mean(1 - np.log(d_fake))


# %% wrong: the loss instead of the value
# fails: value_function_value, value_function_lengths, value_function_small
# says: the sign is turned
# score: 0
def value_function(d_real, d_fake):
    return -(np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake)))


# %% wrong: half
# fails: value_function_value, value_function_lengths, value_function_small
# says: halved
# score: 0
def value_function(d_real, d_fake):
    return 0.5 * np.mean(np.log(d_real)) + 0.5 * np.mean(np.log(1 - d_fake))


# %% wrong: log2
# fails: value_function_value, value_function_lengths, value_function_small
# says: log2 is used
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log2(d_real)) + np.mean(np.log2(1 - d_fake))


# %% wrong: log10
# fails: value_function_value, value_function_lengths, value_function_small
# says: log10 is used
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log10(d_real)) + np.mean(np.log10(1 - d_fake))


# %% wrong: real and fake exchanged
# fails: value_function_value, value_function_lengths, value_function_small
# says: exchanged
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(1 - d_real)) + np.mean(np.log(d_fake))


# %% wrong: subtracted
# fails: value_function_value, value_function_lengths, value_function_small
# says: the two parts are subtracted
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real)) - np.mean(np.log(1 - d_fake))


# %% wrong: log of the mean
# fails: value_function_value, value_function_lengths, value_function_small
# says: the logarithm of the mean
# score: 0
def value_function(d_real, d_fake):
    return np.log(np.mean(d_real)) + np.log(1 - np.mean(d_fake))


# %% wrong: the real part alone
# fails: value_function_value, value_function_lengths, value_function_small
# says: the fake part is missing
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real))


# %% wrong: one mean over everything
# fails: value_function_value, value_function_lengths, value_function_small
# says: one mean over all numbers
# score: 0
def value_function(d_real, d_fake):
    parts = np.concatenate([np.log(d_real).ravel(), np.log(1 - d_fake).ravel()])
    return parts.mean()


# %% wrong: adds the arrays first
# fails: value_function_lengths
# says: take each mean first, then add
# score: 1
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real) + np.log(1 - d_fake))


# %% wrong: adds the tensors first
# fails: value_function_lengths
# says: take each mean first, then add
# score: 1
def value_function(d_real, d_fake):
    return tf.reduce_mean(tf.math.log(d_real) + tf.math.log(1 - d_fake))


# %% wrong: divides both by the number of real images
# fails: value_function_lengths
# says: each array has its own
# score: 1
def value_function(d_real, d_fake):
    n = len(d_real)
    return np.log(d_real).sum() / n + np.log(1 - d_fake).sum() / n


# %% wrong: the mean over the first axis
# fails: value_function_lengths
# says: take the mean or sum over all entries
# score: 1
def value_function(d_real, d_fake):
    return np.log(d_real).mean(axis=0) + np.log(1 - d_fake).mean(axis=0)


# %% wrong: only flat arrays
# fails: value_function_lengths
# says: stopped with TypeError
# score: 1
def value_function(d_real, d_fake):
    import math

    real = sum(math.log(d) for d in d_real) / len(d_real)
    return real + sum(math.log(1 - d) for d in d_fake) / len(d_fake)


# %% wrong: a small constant
# fails: value_function_small
# says: nothing is needed
# score: 1
def value_function(d_real, d_fake):
    eps = 1e-8
    return np.mean(np.log(d_real + eps)) + np.mean(np.log(1 - d_fake + eps))


# %% wrong: a smaller constant
# fails: value_function_small
# says: nothing is needed
# score: 1
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real + 1e-12)) + np.mean(np.log(1 - d_fake + 1e-12))


# %% wrong: clipped
# fails: value_function_small
# says: nothing is needed
# score: 1
def value_function(d_real, d_fake):
    d_real, d_fake = np.clip(d_real, 1e-7, 1 - 1e-7), np.clip(d_fake, 1e-7, 1 - 1e-7)
    return np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))


# %% wrong: Keras's cross-entropy, which clips
# fails: value_function_small
# says: nothing is needed
# score: 1
import keras


def value_function(d_real, d_fake):
    loss = keras.losses.BinaryCrossentropy()
    d_real, d_fake = np.ravel(d_real), np.ravel(d_fake)
    real = loss(np.ones_like(d_real), d_real)
    return -float(real) - float(loss(np.zeros_like(d_fake), d_fake))


# %% wrong: takes logits
# fails: value_function_value, value_function_lengths, value_function_small
# says: compare with the formula
# score: 0
def value_function(d_real, d_fake):
    real, fake = 1 / (1 + np.exp(-d_real)), 1 / (1 + np.exp(-d_fake))
    return np.mean(np.log(real)) + np.mean(np.log(1 - fake))


# %% wrong: prints
# fails: value_function_value, value_function_lengths, value_function_small
# says: is there a `return`
# score: 0
def value_function(d_real, d_fake):
    print(np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake)))


# %% wrong: a pair
# fails: value_function_value, value_function_lengths, value_function_small
# says: take the mean or sum over all entries
# score: 0
def value_function(d_real, d_fake):
    return np.mean(np.log(d_real)), np.mean(np.log(1 - d_fake))


# %% right: TensorFlow
def value_function(d_real, d_fake):
    return tf.reduce_mean(tf.math.log(d_real)) + tf.reduce_mean(tf.math.log(1.0 - d_fake))


# %% right: Keras ops
from keras import ops


def value_function(d_real, d_fake):
    return ops.mean(ops.log(d_real)) + ops.mean(ops.log(1 - d_fake))


# %% right: methods and log1p
def value_function(d_real, d_fake):
    return float(np.log(d_real).mean() + np.log1p(-d_fake).mean())


# %% right: sums and sizes
def value_function(d_real, d_fake):
    d_real, d_fake = np.asarray(d_real), np.asarray(d_fake)
    return np.log(d_real).sum() / d_real.size + np.log(1 - d_fake).sum() / d_fake.size


# %% right: a loop over all entries, of any shape
import math


def value_function(d_real, d_fake):
    real = [math.log(d) for d in d_real.flatten()]
    fake = [math.log(1 - d) for d in d_fake.flatten()]
    return math.fsum(real) / len(real) + math.fsum(fake) / len(fake)


# %% right: a lambda with np.average, in float32
value_function = lambda real, fake: np.average(np.log(np.float32(real))) + np.average(
    np.log(1 - np.float32(fake))
)


# %% right: a 0-d array
def value_function(d_real, d_fake):
    return np.array(np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake)))
