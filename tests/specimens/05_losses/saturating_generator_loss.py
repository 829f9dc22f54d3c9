# %% wrong: the sign
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: log(1 - D) is never above 0
# score: 0
def saturating_generator_loss(fake_output):
    return keras.losses.BinaryCrossentropy(from_logits=True)(tf.zeros_like(fake_output), fake_output)


# %% wrong: the non-saturating loss
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: this is the non-saturating loss
# score: 0
def saturating_generator_loss(fake_output):
    return keras.losses.BinaryCrossentropy(from_logits=True)(tf.ones_like(fake_output), fake_output)


# %% wrong: log D
# fails: saturating_generator_loss_value, saturating_generator_loss_gradient
# says: this is log D
# score: 1
def saturating_generator_loss(fake_output):
    return -keras.losses.BinaryCrossentropy(from_logits=True)(tf.ones_like(fake_output), fake_output)


# %% wrong: the formula as it stands
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: in the fused form
# score: 1
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_output)))


# %% wrong: an epsilon
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: the loss stops at
# score: 1
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_output) + 1e-7))


# %% wrong: clipped probabilities
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: the loss stops at
# score: 1
def saturating_generator_loss(fake_output):
    probability = tf.clip_by_value(tf.sigmoid(fake_output), 1e-6, 1 - 1e-6)
    return tf.reduce_mean(tf.math.log(1 - probability))


# %% wrong: log1p of the sigmoid
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: in the fused form
# score: 1
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log1p(-tf.sigmoid(fake_output)))


# %% wrong: minus log of one plus the exponential
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: in the fused form
# score: 1
def saturating_generator_loss(fake_output):
    return -tf.reduce_mean(tf.math.log(1 + tf.exp(fake_output)))


# %% wrong: float64 only moves the limit
# fails: saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: in the fused form
# score: 1
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log(1 - tf.sigmoid(tf.cast(fake_output, tf.float64))))


# %% wrong: mean inside the logarithm
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: the mean is taken before the logarithm
# score: 0
def saturating_generator_loss(fake_output):
    return tf.math.log(1 - tf.reduce_mean(tf.sigmoid(fake_output)))


# %% wrong: sum instead of mean
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: the costs are added up
# score: 0
def saturating_generator_loss(fake_output):
    return -tf.reduce_sum(tf.nn.softplus(fake_output))


# %% wrong: one number for each image
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: a number for each image came
# score: 0
def saturating_generator_loss(fake_output):
    return -tf.nn.softplus(fake_output)


# %% wrong: no logarithm
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: compare it with the formula
# score: 0
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(1 - tf.sigmoid(fake_output))


# %% wrong: logits for probabilities
# fails: saturating_generator_loss_value, saturating_generator_loss_finite, saturating_generator_loss_gradient
# says: a logarithm of 0
# score: 0
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log(1 - fake_output))


# %% wrong: a float
# fails: saturating_generator_loss_gradient
# says: is no TensorFlow tensor
# score: 2
def saturating_generator_loss(fake_output):
    return -float(tf.reduce_mean(tf.nn.softplus(fake_output)))


# %% right: minus a cross-entropy against zeros
def saturating_generator_loss(fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return -cross_entropy(tf.zeros_like(fake_output), fake_output)


# %% right: log sigmoid of the turned logit
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log_sigmoid(-fake_output))


# %% right: log sigmoid minus the logit
def saturating_generator_loss(fake_output):
    return tf.reduce_mean(tf.math.log_sigmoid(fake_output) - fake_output)


# %% right: keras.ops
def saturating_generator_loss(fake_output):
    return keras.ops.mean(-keras.ops.softplus(keras.ops.convert_to_tensor(fake_output)))


# %% right: by the exercise before
def saturating_generator_loss(fake_output):
    return -generator_loss(-fake_output)
