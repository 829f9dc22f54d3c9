# %% wrong: nan where a share is 0
# fails: kl_from_uniform_zeros
# says: the logarithm of 0
# score: 0
def kl_from_uniform(histogram):
    return np.sum(histogram * np.log(histogram * len(histogram)))


# %% wrong: a small number in every logarithm
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: a small number is added
# score: 0
def kl_from_uniform(histogram):
    return np.sum(histogram * np.log((histogram + 1e-3) * len(histogram)))


# %% wrong: a smaller number in every logarithm
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_nearly, kl_from_uniform_classes
# says: a small number is added
# score: 0
def kl_from_uniform(histogram):
    return np.sum(histogram * np.log((histogram + 1e-6) * len(histogram)))


# %% wrong: ten classes
# fails: kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_classes, kl_from_uniform_value
# says: 10 is written into the formula
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(seen * np.log(seen * 10))


# %% wrong: counts only the classes that occur
# fails: kl_from_uniform_zeros
# says: K counts all classes
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(seen * np.log(seen * len(seen)))


# %% wrong: logarithm to base 2
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: to base 2
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(seen * np.log2(seen * len(histogram)))


# %% wrong: logarithm to base 10
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: to base 10
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(seen * np.log10(seen * len(histogram)))


# %% wrong: the other direction
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_classes
# says: the two distributions are exchanged
# score: 0
def kl_from_uniform(histogram):
    uniform = 1 / len(histogram)
    seen = histogram[histogram > 0]
    return np.sum(uniform * np.log(uniform / seen))


# %% wrong: the entropy
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: this is the entropy
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return -np.sum(seen * np.log(seen))


# %% wrong: the sign is turned
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: the sign is turned
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return -np.sum(seen * np.log(seen * len(histogram)))


# %% wrong: mean instead of sum
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: this is the mean over the classes
# score: 0
def kl_from_uniform(histogram):
    uniform = np.full(len(histogram), 1 / len(histogram))
    ratio = np.where(histogram > 0, histogram / uniform, 1)
    return np.mean(histogram * np.log(ratio))


# %% wrong: divided by log k
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: do not divide by log K
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(seen * np.log(seen * len(histogram))) / np.log(len(histogram))


# %% wrong: a number for each class
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: a number for each class came
# score: 0
def kl_from_uniform(histogram):
    return histogram * np.log(np.maximum(histogram, 1e-12) * len(histogram))


# %% wrong: the Jensen-Shannon divergence
# fails: kl_from_uniform_value, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: this is the Jensen-Shannon divergence
# score: 0
def kl_from_uniform(histogram):
    def kl(p, q):
        return np.sum(p[p > 0] * np.log(p[p > 0] / q[p > 0]))

    uniform = np.full(len(histogram), 1 / len(histogram))
    middle = (histogram + uniform) / 2
    return (kl(histogram, middle) + kl(uniform, middle)) / 2


# %% wrong: changes the caller's histogram
# fails: kl_from_uniform_unchanged
# says: the call changes histogram
# score: 0
def kl_from_uniform(histogram):
    histogram[histogram == 0] = 1e-12
    return np.sum(histogram * np.log(histogram * len(histogram)))


# %% wrong: nothing is returned
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: is there a `return`
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    np.sum(seen * np.log(seen * len(histogram)))


# %% wrong: small shares are left out
# fails: kl_from_uniform_value
# says: shares above 0 are left out
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 1e-3]
    return np.sum(seen * np.log(seen * len(histogram)))


# %% wrong: a skeleton that is half filled
# fails: kl_from_uniform_value, kl_from_uniform_uniform, kl_from_uniform_zeros, kl_from_uniform_nearly, kl_from_uniform_classes
# says: there is still a `...` of the skeleton
# score: 0
def kl_from_uniform(histogram):
    seen = histogram[histogram > 0]
    return np.sum(...)


# %% right: log k minus the entropy
def kl_from_uniform(histogram):
    entropy = -sum(h * math.log(h) for h in histogram if h > 0)
    return math.log(len(histogram)) - entropy


# %% right: np.where, with a warning
def kl_from_uniform(histogram):
    terms = histogram * np.log(histogram * len(histogram))
    return float(np.where(histogram > 0, terms, 0).sum())


# %% right: TensorFlow
import tensorflow as tf


def kl_from_uniform(histogram):
    p = tf.constant(histogram)
    return tf.reduce_sum(tf.math.xlogy(p, p * len(histogram)))


# %% right: SciPy
from scipy.stats import entropy


def kl_from_uniform(histogram):
    return entropy(histogram, np.full(len(histogram), 1 / len(histogram)))


# %% right: Keras, which cuts off at 1e-7
import keras


def kl_from_uniform(histogram):
    uniform = np.ones_like(histogram) / len(histogram)
    return keras.losses.KLDivergence()(histogram, uniform)


# %% right: a tiny number in the logarithm, never below 0
def kl_from_uniform(histogram, tiny=1e-12):
    p = np.asarray(histogram, dtype=np.float64)
    return max(np.sum(p * np.log((p + tiny) / (1 / p.size))), 0.0)
