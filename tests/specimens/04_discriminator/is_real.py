# %% wrong: the threshold of probabilities
# fails: is_real_decisions, is_real_boundary
# says: 0.5 is the threshold of probabilities
# score: 0
def is_real(logits):
    return logits > 0.5


# %% wrong: by way of the rounded sigmoid
# fails: is_real_boundary
# says: float32 rounds the sigmoid of a tiny logit
# score: 1
def is_real(logits):
    return tf.sigmoid(logits) > 0.5


# %% wrong: 0 counts as real
# fails: is_real_boundary
# says: compare with >, not with >=
# score: 1
def is_real(logits):
    return logits >= 0


# %% wrong: a margin around 0
# fails: is_real_boundary
# says: compare the logit itself with 0
# score: 1
def is_real(logits):
    return logits > 1e-6


# %% wrong: real and fake swapped
# fails: is_real_decisions, is_real_boundary
# says: real and fake are swapped
# score: 0
def is_real(logits):
    return logits < 0


# %% wrong: everything that is not 0
# fails: is_real_decisions, is_real_boundary
# says: compare each logit with 0
# score: 0
def is_real(logits):
    return tf.cast(logits, tf.bool)


# %% wrong: 0 and 1 instead of booleans
# fails: is_real_boolean
# says: the result is not boolean
# score: 1
def is_real(logits):
    return tf.cast(logits > 0, tf.float32)


# %% wrong: one decision for the batch
# fails: is_real_boolean, is_real_decisions, is_real_boundary
# says: one decision per logit
# score: 0
def is_real(logits):
    return np.all(np.asarray(logits) > 0)


# %% wrong: words
# fails: is_real_boolean, is_real_decisions, is_real_boundary
# says: is not made of numbers
# score: 0
def is_real(logits):
    return np.where(np.asarray(logits) > 0, "real", "fake")


# %% wrong: the last axis is lost
# fails: is_real_boolean, is_real_decisions
# says: the result has the wrong shape
# score: 1
def is_real(logits):
    return np.squeeze(np.asarray(logits) > 0)


# %% right: a comparison
def is_real(logits):
    return logits > 0


# %% right: TensorFlow's function
def is_real(logits):
    return tf.math.greater(logits, 0.0)


# %% right: NumPy
def is_real(logits, threshold=0):
    return np.asarray(logits) > threshold


# %% right: Keras's function, by the sign
def is_real(logits):
    return keras.ops.sign(logits) == 1
