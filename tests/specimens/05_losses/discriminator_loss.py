# %% wrong: labels swapped
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_gradient
# says: the labels are swapped, or the two arguments
# score: 1
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.zeros_like(real_output), real_output)
    fake_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
    return real_loss + fake_loss


# %% wrong: arguments swapped
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_gradient
# says: the labels are swapped, or the two arguments
# score: 1
def discriminator_loss(fake_output, real_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(
        tf.zeros_like(fake_output), fake_output
    )


# %% wrong: from_logits is missing
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: BinaryCrossentropy needs from_logits=True
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy()
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss + fake_loss


# %% wrong: sigmoid, then a loss from probabilities
# fails: discriminator_loss_finite, discriminator_loss_gradient
# says: a probability is clipped
# score: 3
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy()
    real_loss = cross_entropy(tf.ones_like(real_output), tf.sigmoid(real_output))
    fake_loss = cross_entropy(tf.zeros_like(fake_output), tf.sigmoid(fake_output))
    return real_loss + fake_loss


# %% wrong: sigmoid, then a loss from logits
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: the sigmoid is taken twice
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.ones_like(real_output), tf.sigmoid(real_output))
    fake_loss = cross_entropy(tf.zeros_like(fake_output), tf.sigmoid(fake_output))
    return real_loss + fake_loss


# %% wrong: logit first, label second
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: labels and logits are exchanged
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(real_output, tf.ones_like(real_output))
    fake_loss = cross_entropy(fake_output, tf.zeros_like(fake_output))
    return real_loss + fake_loss


# %% wrong: one mean over both batches
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: one mean over all images
# score: 0
def discriminator_loss(real_output, fake_output):
    logits = tf.concat([real_output, fake_output], axis=0)
    labels = tf.concat([tf.ones_like(real_output), tf.zeros_like(fake_output)], axis=0)
    return keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits)


# %% wrong: twice the mean over both batches
# fails: discriminator_loss_sizes, discriminator_loss_gradient
# says: the larger batch counts more
# score: 3
def discriminator_loss(real_output, fake_output):
    logits = tf.concat([real_output, fake_output], axis=0)
    labels = tf.concat([tf.ones_like(real_output), tf.zeros_like(fake_output)], axis=0)
    return 2 * keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits)


# %% wrong: the sum is halved
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: one mean over all images
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return (real_loss + fake_loss) / 2


# %% wrong: sum instead of mean
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: the costs are added up
# score: 0
def discriminator_loss(real_output, fake_output):
    return tf.reduce_sum(tf.nn.softplus(-real_output)) + tf.reduce_sum(tf.nn.softplus(fake_output))


# %% wrong: a number for each image
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: a number for each image came
# score: 0
def discriminator_loss(real_output, fake_output):
    return tf.nn.softplus(-real_output) + tf.nn.softplus(fake_output)


# %% wrong: shape (1,) instead of ()
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite
# says: scalar of shape ()
# score: 1
def discriminator_loss(real_output, fake_output):
    real_loss = tf.reduce_mean(tf.nn.softplus(-real_output))
    fake_loss = tf.reduce_mean(tf.nn.softplus(fake_output))
    return tf.reshape(real_loss + fake_loss, (1,))


# %% wrong: one-sided label smoothing
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_gradient
# says: the labels are smoothed
# score: 1
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(0.9 * tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss + fake_loss


# %% wrong: label smoothing by Keras
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_gradient
# says: the labels are smoothed
# score: 1
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss + fake_loss


# %% wrong: hinge loss
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: this is the hinge loss
# score: 0
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean(tf.nn.relu(1 - real_output)) + tf.reduce_mean(tf.nn.relu(1 + fake_output))


# %% wrong: Wasserstein loss
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: this is the Wasserstein loss
# score: 0
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean(fake_output) - tf.reduce_mean(real_output)


# %% wrong: squared error
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: this is a squared error
# score: 0
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean((real_output - 1) ** 2) + tf.reduce_mean(fake_output**2)


# %% wrong: a Python float
# fails: discriminator_loss_gradient
# says: is no TensorFlow tensor
# score: 4
def discriminator_loss(real_output, fake_output):
    real_loss = tf.reduce_mean(tf.nn.softplus(-real_output))
    fake_loss = tf.reduce_mean(tf.nn.softplus(fake_output))
    return float(real_loss + fake_loss)


# %% wrong: NumPy inside, a tensor outside
# fails: discriminator_loss_gradient
# says: the tape lost the track
# score: 4
def discriminator_loss(real_output, fake_output):
    real, fake = np.asarray(real_output, float), np.asarray(fake_output, float)
    return tf.constant(np.mean(np.logaddexp(0, -real)) + np.mean(np.logaddexp(0, fake)), tf.float32)


# %% wrong: the value function's sign
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: the sign is turned
# score: 0
def discriminator_loss(real_output, fake_output):
    real_loss = tf.reduce_mean(tf.math.log_sigmoid(real_output))
    fake_loss = tf.reduce_mean(tf.math.log_sigmoid(-fake_output))
    return real_loss + fake_loss


# %% wrong: logarithm of the sigmoid
# fails: discriminator_loss_finite, discriminator_loss_gradient
# says: in the fused form
# score: 3
def discriminator_loss(real_output, fake_output):
    real_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(real_output)))
    fake_loss = -tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_output)))
    return real_loss + fake_loss


# %% wrong: logarithm of the sigmoid and an epsilon
# fails: discriminator_loss_finite, discriminator_loss_gradient
# says: the loss stops at
# score: 3
def discriminator_loss(real_output, fake_output):
    eps = 1e-8
    real_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(real_output) + eps))
    fake_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(-fake_output) + eps))
    return real_loss + fake_loss


# %% wrong: logits clipped
# fails: discriminator_loss_finite, discriminator_loss_gradient
# says: the logits are clipped
# score: 3
def discriminator_loss(real_output, fake_output):
    real_output = tf.clip_by_value(real_output, -80, 80)
    fake_output = tf.clip_by_value(fake_output, -80, 80)
    real_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(real_output)))
    fake_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(-fake_output)))
    return real_loss + fake_loss


# %% wrong: the overflowing branch is dropped by where, but not from the gradient
# fails: discriminator_loss_finite, discriminator_loss_gradient
# says: an exponential overflows
# score: 3
def discriminator_loss(real_output, fake_output):
    def cost(x):
        return tf.reduce_mean(tf.where(x > 30, x, tf.math.log1p(tf.exp(x))))

    return cost(-real_output) + cost(fake_output)


# %% wrong: all labels have the size of the real batch
# fails: discriminator_loss_sizes, discriminator_loss_gradient
# says: labels of the wrong size
# score: 3
def discriminator_loss(real_output, fake_output):
    real_loss = tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(real_output), real_output)
    fake_loss = tf.nn.sigmoid_cross_entropy_with_logits(tf.zeros_like(real_output), fake_output)
    return tf.reduce_mean(real_loss) + tf.reduce_mean(fake_loss)


# %% wrong: the costs are added before the mean
# fails: discriminator_loss_sizes, discriminator_loss_gradient
# says: labels of the wrong size
# score: 3
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean(tf.nn.softplus(-real_output) + tf.nn.softplus(fake_output))


# %% wrong: divided by the size of the real batch
# fails: discriminator_loss_sizes, discriminator_loss_gradient
# says: take the mean of each half by itself
# score: 3
def discriminator_loss(real_output, fake_output):
    n = tf.cast(tf.shape(real_output)[0], tf.float32)
    total = tf.reduce_sum(tf.nn.softplus(-real_output)) + tf.reduce_sum(tf.nn.softplus(fake_output))
    return total / n


# %% wrong: a batch of 256 is taken for granted
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: compare it with the formula
# score: 0
def discriminator_loss(real_output, fake_output):
    total = tf.reduce_sum(tf.nn.softplus(-real_output)) + tf.reduce_sum(tf.nn.softplus(fake_output))
    return total / 256


# %% wrong: works for columns only
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_gradient
# says: your code stopped with
# score: 1
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean(tf.nn.softplus(-real_output[:, 0])) + tf.reduce_mean(
        tf.nn.softplus(fake_output[:, 0])
    )


# %% wrong: only the real half
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: only the real half
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.ones_like(real_output), real_output)


# %% wrong: returns a tuple
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: has the wrong shape
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss, fake_loss


# %% wrong: returns nothing
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: is there a `return`
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    print(real_loss + fake_loss)


# %% wrong: the fakes are behind stop_gradient
# fails: discriminator_loss_gradient
# says: the tape lost the track
# score: 4
def discriminator_loss(real_output, fake_output):
    fake_output = tf.stop_gradient(fake_output)
    return tf.reduce_mean(tf.nn.softplus(-real_output)) + tf.reduce_mean(tf.nn.softplus(fake_output))


# %% wrong: softmax over one logit
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: a softmax of one logit
# score: 0
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.CategoricalCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss + fake_loss


# %% wrong: a metric, which adds up over the calls and has no gradient
# fails: discriminator_loss_value, discriminator_loss_sizes, discriminator_loss_finite, discriminator_loss_gradient
# says: the tape lost the track
# score: 0
real_metric = keras.metrics.BinaryCrossentropy(from_logits=True)
fake_metric = keras.metrics.BinaryCrossentropy(from_logits=True)


def discriminator_loss(real_output, fake_output):
    real_metric.update_state(tf.ones_like(real_output), real_output)
    fake_metric.update_state(tf.zeros_like(fake_output), fake_output)
    return real_metric.result() + fake_metric.result()


# %% right: as in the TensorFlow tutorial
cross_entropy = tf.keras.losses.BinaryCrossentropy(from_logits=True)


def discriminator_loss(real_output, fake_output):
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    total_loss = real_loss + fake_loss
    return total_loss


# %% right: softplus
def discriminator_loss(real_output, fake_output):
    return tf.reduce_mean(tf.nn.softplus(-real_output)) + tf.reduce_mean(tf.nn.softplus(fake_output))


# %% right: TensorFlow's own cross-entropy, by keyword
def discriminator_loss(real_output, fake_output):
    real = tf.nn.sigmoid_cross_entropy_with_logits(
        logits=real_output, labels=tf.ones(tf.shape(real_output))
    )
    fake = tf.nn.sigmoid_cross_entropy_with_logits(
        logits=fake_output, labels=tf.zeros(tf.shape(fake_output))
    )
    return tf.add(tf.math.reduce_mean(real), tf.math.reduce_mean(fake))


# %% right: keras.ops
def discriminator_loss(real_output, fake_output):
    ops = keras.ops
    real = ops.binary_crossentropy(ops.ones_like(real_output), real_output, from_logits=True)
    fake = ops.binary_crossentropy(ops.zeros_like(fake_output), fake_output, from_logits=True)
    return ops.mean(real) + ops.mean(fake)


# %% right: the function of Keras, one value for each image, then the mean
def discriminator_loss(real_output, fake_output):
    halves = []
    for label, logits in ((1.0, real_output), (0.0, fake_output)):
        logits = tf.reshape(logits, (-1, 1))
        labels = tf.fill(tf.shape(logits), label)
        costs = keras.losses.binary_crossentropy(labels, logits, from_logits=True)
        halves.append(tf.reduce_mean(costs))
    return tf.add_n(halves)


# %% right: the logarithm of the sigmoid, in the fused form
def discriminator_loss(real_output, fake_output):
    real = tf.reduce_mean(tf.math.log_sigmoid(real_output))
    fake = tf.reduce_mean(tf.math.log_sigmoid(fake_output) - fake_output)
    return -(real + fake)


# %% right: the stable form by hand, in float64
def discriminator_loss(real_output, fake_output):
    def cost(x):
        return tf.reduce_mean(tf.nn.relu(x) + tf.math.log1p(tf.exp(-tf.abs(x))))

    return cost(-tf.cast(real_output, tf.float64)) + cost(tf.cast(fake_output, tf.float64))


# %% right: a weighted sum over both batches, compiled
@tf.function
def discriminator_loss(real_output, fake_output):
    logits = tf.concat([real_output, fake_output], axis=0)
    labels = tf.concat([tf.ones_like(real_output), tf.zeros_like(fake_output)], axis=0)
    weights = tf.concat(
        [
            tf.ones_like(real_output) / tf.cast(tf.size(real_output), tf.float32),
            tf.ones_like(fake_output) / tf.cast(tf.size(fake_output), tf.float32),
        ],
        axis=0,
    )
    costs = tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    return tf.reduce_sum(weights * costs)


# %% right: summed by Keras, then divided; one more parameter
def discriminator_loss(real_output, fake_output, real_label=1.0):
    total = keras.losses.BinaryCrossentropy(from_logits=True, reduction="sum")
    mean = keras.losses.BinaryCrossentropy(from_logits=True, reduction="sum_over_batch_size")
    if len(real_output.shape) == 1:
        real_output, fake_output = real_output[:, None], fake_output[:, None]
    real_loss = total(real_label * tf.ones_like(real_output), real_output) / real_output.shape[0]
    return real_loss + mean(tf.zeros_like(fake_output), fake_output)


# %% right: a loop over the logits
def discriminator_loss(real_output, fake_output):
    real = [tf.nn.softplus(-tf.squeeze(x)) for x in real_output]
    fake = [tf.nn.softplus(tf.squeeze(x)) for x in fake_output]
    return sum(real) / len(real) + sum(fake) / len(fake)


# %% right: Keras remembers the logits of its own sigmoid
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy()
    real_loss = cross_entropy(tf.ones_like(real_output), keras.ops.sigmoid(real_output))
    fake_loss = cross_entropy(tf.zeros_like(fake_output), keras.ops.sigmoid(fake_output))
    return real_loss + fake_loss
