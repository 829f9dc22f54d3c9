# %% wrong: the exponential of what may be large, above and below the line
# fails: probability_real_extreme
# says: infinite / infinite is not a number
# score: 1
def probability_real(logits):
    return tf.exp(logits) / (1 + tf.exp(logits))


# %% wrong: the sign is missing
# fails: probability_real_value, probability_real_extreme
# says: this is the probability of fake
# score: 0
def probability_real(logits):
    return 1 / (1 + tf.exp(logits))


# %% wrong: softmax over the batch
# fails: probability_real_value, probability_real_extreme
# says: softmax
# score: 0
def probability_real(logits):
    powers = np.exp(logits)
    return powers / np.sum(powers)


# %% wrong: softmax of the last axis
# fails: probability_real_value, probability_real_extreme
# says: softmax along the last axis
# score: 0
def probability_real(logits):
    return tf.nn.softmax(logits) if len(logits.shape) else tf.sigmoid(logits)


# %% wrong: tanh
# fails: probability_real_value, probability_real_extreme
# says: this is tanh
# score: 0
def probability_real(logits):
    return tf.tanh(logits)


# %% wrong: a straight line instead of the curve
# fails: probability_real_value
# says: hard_sigmoid
# score: 1
def probability_real(logits):
    return keras.ops.hard_sigmoid(logits)


# %% wrong: the decision
# fails: probability_real_value
# says: return the probability
# score: 1
def probability_real(logits):
    return tf.round(tf.sigmoid(logits))


# %% wrong: the axis of length 1 is lost
# fails: probability_real_value, probability_real_extreme
# says: no squeeze
# score: 0
def probability_real(logits):
    return np.squeeze(tf.sigmoid(logits))


# %% wrong: the mean of the batch
# fails: probability_real_value, probability_real_extreme
# says: no mean
# score: 0
def probability_real(logits):
    return tf.reduce_mean(tf.sigmoid(logits))


# %% wrong: clipped too early
# fails: probability_real_extreme
# says: as near to 0 and 1 as the numbers allow
# score: 1
def probability_real(logits):
    return 1 / (1 + np.exp(-np.clip(logits, -10, 10)))


# %% wrong: only for one number
# fails: probability_real_value, probability_real_extreme
# says: your code stopped with
# score: 0
import math


def probability_real(logits):
    return 1 / (1 + math.exp(-logits))


# %% wrong: only for tensors
# fails: probability_real_value, probability_real_extreme
# says: has no attribute 'numpy'
# score: 0
def probability_real(logits):
    return 1 / (1 + np.exp(-logits.numpy()))


# %% wrong: prints
# fails: probability_real_value, probability_real_extreme
# says: is there a `return`
# score: 0
def probability_real(logits):
    print(tf.sigmoid(logits))


# %% right: TensorFlow's sigmoid
def probability_real(logits):
    return tf.sigmoid(logits)


# %% right: Keras's sigmoid
def probability_real(logits):
    return keras.activations.sigmoid(keras.ops.convert_to_tensor(logits))


# %% right: the formula in NumPy, which only warns
def probability_real(logits):
    return 1 / (1 + np.exp(-np.asarray(logits)))


# %% right: two cases in NumPy
def probability_real(logits):
    logits = np.asarray(logits, np.float64)
    power = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1, power) / (1 + power)


# %% right: by tanh
def probability_real(logits):
    return 0.5 * (1 + keras.ops.tanh(logits / 2))


# %% right: clipped where nothing is lost
def probability_real(logits):
    return 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
