# %% wrong: still rewarded for being caught
# fails: repair_labels_value, repair_labels_gradient
# says: rewarded for being caught
# score: 0
def repair_labels(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.zeros_like(fake_output), fake_output)


# %% wrong: the broken loss with the sign turned, which saturates
# fails: repair_labels_value, repair_labels_finite, repair_labels_gradient
# says: this is the saturating loss
# score: 0
def repair_labels(fake_output):
    return -clinic.broken_labels(fake_output)


# %% wrong: from_logits is missing
# fails: repair_labels_value, repair_labels_finite, repair_labels_gradient
# says: BinaryCrossentropy needs from_logits=True
# score: 0
def repair_labels(fake_output):
    return keras.losses.BinaryCrossentropy()(tf.ones_like(fake_output), fake_output)


# %% wrong: the sum
# fails: repair_labels_value, repair_labels_finite, repair_labels_gradient
# says: the costs are added up
# score: 0
def repair_labels(fake_output):
    return tf.reduce_sum(tf.nn.softplus(-fake_output))


# %% wrong: from a probability
# fails: repair_labels_finite, repair_labels_gradient
# says: in the fused form
# score: 1
def repair_labels(fake_output):
    return -tf.reduce_mean(tf.math.log(tf.sigmoid(fake_output)))


# %% wrong: NumPy
# fails: repair_labels_gradient
# says: np, float() and .numpy() lose the gradient
# score: 1
def repair_labels(fake_output):
    return np.mean(np.logaddexp(0, -np.asarray(fake_output, float)))


# %% wrong: smoothed
# fails: repair_labels_value, repair_labels_gradient
# says: the labels are smoothed
# score: 0
def repair_labels(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(0.9 * tf.ones_like(fake_output), fake_output)


# %% wrong: the library's loss of the earlier lesson
# fails: repair_labels_value, repair_labels_finite, repair_labels_gradient
# says: the library's own solution
# score: 0
def repair_labels(fake_output):
    return losses.generator_loss(fake_output)


# %% right: softplus
def repair_labels(fake_output):
    return tf.reduce_mean(tf.nn.softplus(-fake_output))


# %% right: the broken loss of the turned logits
def repair_labels(fake_output):
    return clinic.broken_labels(-fake_output)


# %% right: Keras
def repair_labels(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.ones_like(fake_output), fake_output)


# %% right: the fused function of TensorFlow
def repair_labels(fake_output):
    costs = tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(fake_output), fake_output)
    return tf.reduce_mean(costs)
