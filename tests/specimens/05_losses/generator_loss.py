# %% wrong: against zeros
# fails: generator_loss_value, generator_loss_gradient
# says: rewarded for being caught
# score: 1
def generator_loss(fake_output):
    return keras.losses.BinaryCrossentropy(from_logits=True)(tf.zeros_like(fake_output), fake_output)


# %% wrong: the saturating loss
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: this is the saturating loss
# score: 0
def generator_loss(fake_output):
    return -tf.reduce_mean(tf.nn.softplus(fake_output))


# %% wrong: the sign
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: the sign is turned
# score: 0
def generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log_sigmoid(fake_output))


# %% wrong: from_logits is missing
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: BinaryCrossentropy needs from_logits=True
# score: 0
def generator_loss(fake_output):
    return keras.losses.BinaryCrossentropy()(tf.ones_like(fake_output), fake_output)


# %% wrong: logit first, label second
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: labels and logits are exchanged
# score: 0
def generator_loss(fake_output):
    return keras.losses.BinaryCrossentropy(from_logits=True)(fake_output, tf.ones_like(fake_output))


# %% wrong: both halves
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: there are two halves
# score: 0
def generator_loss(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.ones_like(fake_output), fake_output) + cross_entropy(
        tf.zeros_like(fake_output), fake_output
    )


# %% wrong: label smoothing
# fails: generator_loss_value, generator_loss_gradient
# says: the labels are smoothed
# score: 1
def generator_loss(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(0.9 * tf.ones_like(fake_output), fake_output)


# %% wrong: Wasserstein loss
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: this is the Wasserstein loss
# score: 0
def generator_loss(fake_output):
    return -tf.reduce_mean(fake_output)


# %% wrong: sum instead of mean
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: the costs are added up
# score: 0
def generator_loss(fake_output):
    return tf.reduce_sum(tf.nn.softplus(-fake_output))


# %% wrong: one number for each image
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: a number for each image came
# score: 0
def generator_loss(fake_output):
    return tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(fake_output), fake_output)


# %% wrong: a number for each image where the input is a column
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: a number for each image came
# score: 0
def generator_loss(fake_output):
    return keras.losses.binary_crossentropy(
        tf.ones_like(fake_output), fake_output, from_logits=True
    )


# %% wrong: logarithm of the mean
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: the mean is taken before the logarithm
# score: 0
def generator_loss(fake_output):
    return -tf.math.log(tf.reduce_mean(tf.sigmoid(fake_output)))


# %% wrong: base 2
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: logarithm to base 2
# score: 0
def generator_loss(fake_output):
    return tf.reduce_mean(tf.nn.softplus(-fake_output)) / tf.math.log(2.0)


# %% wrong: probabilities clipped
# fails: generator_loss_finite, generator_loss_gradient
# says: a probability is clipped
# score: 1
def generator_loss(fake_output):
    probability = tf.clip_by_value(tf.sigmoid(fake_output), 1e-7, 1.0)
    return -tf.reduce_mean(tf.math.log(probability))


# %% wrong: exponential that overflows
# fails: generator_loss_finite, generator_loss_gradient
# says: in the fused form
# score: 1
def generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log(1 + tf.exp(-fake_output)))


# %% wrong: NumPy
# fails: generator_loss_gradient
# says: np, float() and .numpy() lose the gradient
# score: 2
def generator_loss(fake_output):
    return np.mean(np.logaddexp(0, -np.asarray(fake_output, float)))


# %% wrong: from NumPy logits
# fails: generator_loss_gradient
# says: the tape lost the track
# score: 2
def generator_loss(fake_output):
    return tf.reduce_mean(tf.nn.softplus(-fake_output.numpy()))


# %% wrong: the discriminator's parameters
# fails: generator_loss_value, generator_loss_finite, generator_loss_gradient
# says: the parameters are not those that the text names
# score: 0
def generator_loss(real_output, fake_output):
    return tf.reduce_mean(tf.nn.softplus(-fake_output))


# %% right: as in the TensorFlow tutorial
cross_entropy = tf.keras.losses.BinaryCrossentropy(from_logits=True)


def generator_loss(fake_output):
    return cross_entropy(tf.ones_like(fake_output), fake_output)


# %% right: softplus, in a lambda
generator_loss = lambda fake_output: tf.math.reduce_mean(tf.math.softplus(-fake_output))


# %% right: through the discriminator's loss of an empty half
def generator_loss(fake_output):
    return discriminator_loss(fake_output, tf.fill(tf.shape(fake_output), -1e4))


# %% right: log-sum-exp
def generator_loss(fake_output):
    both = tf.stack([tf.zeros_like(fake_output), -fake_output])
    return tf.reduce_mean(tf.reduce_logsumexp(both, axis=0))


# %% right: two logits and a softmax
def generator_loss(fake_output):
    flat = tf.reshape(fake_output, [-1])
    logits = tf.stack([tf.zeros_like(flat), flat], axis=1)
    labels = tf.ones(tf.shape(flat), tf.int32)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


# %% right: keras.ops in a loss class
class NonSaturating(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return -keras.ops.log_sigmoid(y_pred)


def generator_loss(fake_output):
    return NonSaturating()(fake_output, fake_output)
