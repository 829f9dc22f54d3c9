# %% wrong: still a loss from logits
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: this is the broken loss
# score: 0
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(tf.ones_like(real_probability), real_probability) + cross_entropy(
        tf.zeros_like(fake_probability), fake_probability
    )


# %% wrong: a sigmoid more
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: this is the broken loss
# score: 0
def repair_loss(real_probability, fake_probability):
    real, fake = tf.sigmoid(real_probability), tf.sigmoid(fake_probability)
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: the logarithm meets 0
# fails: repair_loss_ends
# says: a logarithm of 0
# score: 2
def repair_loss(real_probability, fake_probability):
    real, fake = real_probability, fake_probability
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: clipped on one side only
# fails: repair_loss_ends
# says: a logarithm of 0
# score: 2
def repair_loss(real_probability, fake_probability):
    real, fake = tf.maximum(real_probability, 1e-7), tf.maximum(fake_probability, 1e-7)
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: one minus an epsilon that float32 cannot hold
# fails: repair_loss_ends
# says: a logarithm of 0
# score: 2
def repair_loss(real_probability, fake_probability):
    real, fake = (
        tf.clip_by_value(p, 1e-9, 1 - 1e-9) for p in (real_probability, fake_probability)
    )
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: tf.where after the logarithm
# fails: repair_loss_ends
# says: the branch that is dropped
# score: 2
def repair_loss(real_probability, fake_probability):
    real_cost = tf.where(real_probability > 0, -tf.math.log(real_probability), 16.0)
    fake_cost = tf.where(fake_probability < 1, -tf.math.log(1 - fake_probability), 16.0)
    return tf.reduce_mean(real_cost) + tf.reduce_mean(fake_cost)


# %% wrong: costs at the ends set to 0
# fails: repair_loss_ends
# says: the costs at 0 and 1 are left out
# score: 2
def repair_loss(real_probability, fake_probability):
    real = tf.where(real_probability > 0, real_probability, 1.0)
    fake = tf.where(fake_probability < 1, fake_probability, 0.0)
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: clipped far from the ends
# fails: repair_loss_value, repair_loss_ends
# says: the probabilities are clipped at 0.01
# score: 1
def repair_loss(real_probability, fake_probability):
    real, fake = (tf.clip_by_value(p, 0.01, 0.99) for p in (real_probability, fake_probability))
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: clipped too early at the right ends
# fails: repair_loss_ends
# says: cut too early
# score: 2
def repair_loss(real_probability, fake_probability):
    real, fake = (tf.clip_by_value(p, 1e-3, 0.999) for p in (real_probability, fake_probability))
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: a large epsilon
# fails: repair_loss_value, repair_loss_gradient
# says: is added before the logarithm
# score: 1
def repair_loss(real_probability, fake_probability):
    real, fake = real_probability, fake_probability
    return -tf.reduce_mean(tf.math.log(real + 1e-4)) - tf.reduce_mean(tf.math.log(1 - fake + 1e-4))


# %% wrong: exchanged labels
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: the labels are swapped
# score: 0
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy()
    return cross_entropy(tf.zeros_like(real_probability), real_probability) + cross_entropy(
        tf.ones_like(fake_probability), fake_probability
    )


# %% wrong: label and probability exchanged
# fails: repair_loss_value, repair_loss_gradient
# says: the label comes first
# score: 1
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy()
    return cross_entropy(real_probability, tf.ones_like(real_probability)) + cross_entropy(
        fake_probability, tf.zeros_like(fake_probability)
    )


# %% wrong: one mean over both batches
# fails: repair_loss_value, repair_loss_gradient
# says: one mean over all images
# score: 1
def repair_loss(real_probability, fake_probability):
    p = tf.concat([tf.reshape(real_probability, [-1]), 1 - tf.reshape(fake_probability, [-1])], 0)
    return -tf.reduce_mean(tf.math.log(tf.clip_by_value(p, 1e-7, 1.0)))


# %% wrong: batches of one size only
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: may differ in size
# score: 0
def repair_loss(real_probability, fake_probability):
    real, fake = (tf.clip_by_value(p, 1e-7, 1 - 1e-7) for p in (real_probability, fake_probability))
    return -tf.reduce_mean(tf.math.log(real) + tf.math.log(1 - fake))


# %% wrong: the sum
# fails: repair_loss_value, repair_loss_gradient
# says: the costs are added up
# score: 1
def repair_loss(real_probability, fake_probability):
    real, fake = (tf.clip_by_value(p, 1e-7, 1 - 1e-7) for p in (real_probability, fake_probability))
    return -tf.reduce_sum(tf.math.log(real)) - tf.reduce_sum(tf.math.log(1 - fake))


# %% wrong: no gradient for the fakes
# fails: repair_loss_gradient
# says: does not exist
# score: 2
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy()
    fake = tf.stop_gradient(fake_probability)
    return cross_entropy(tf.ones_like(real_probability), real_probability) + cross_entropy(
        tf.zeros_like(fake), fake
    )


# %% wrong: NumPy
# fails: repair_loss_gradient
# says: np, float() and .numpy() lose the gradient
# score: 2
def repair_loss(real_probability, fake_probability):
    real, fake = (np.clip(p, 1e-7, 1 - 1e-7) for p in (real_probability, fake_probability))
    return np.float32(-np.mean(np.log(real)) - np.mean(np.log1p(-fake)))


# %% wrong: a number for each image
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: a number for each image came
# score: 0
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy(reduction=None)
    n = min(len(real_probability), len(fake_probability))
    return (
        cross_entropy(tf.ones_like(real_probability), real_probability)[:n]
        + cross_entropy(tf.zeros_like(fake_probability), fake_probability)[:n]
    )


# %% wrong: columns only
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: may have the shape (n,), too
# score: 0
def repair_loss(real_probability, fake_probability):
    real = tf.clip_by_value(real_probability[:, 0], 1e-7, 1 - 1e-7)
    fake = tf.clip_by_value(fake_probability[:, 0], 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% wrong: the value of the game, which is no cost
# fails: repair_loss_value, repair_loss_ends, repair_loss_gradient
# says: a cost is never negative
# score: 0
def repair_loss(real_probability, fake_probability):
    real = tf.clip_by_value(real_probability, 1e-7, 1 - 1e-7)
    fake = tf.clip_by_value(fake_probability, 1e-7, 1 - 1e-7)
    return tf.reduce_mean(tf.math.log(real)) + tf.reduce_mean(tf.math.log(1 - fake))



# %% right: Keras's loss of probabilities
def repair_loss(real_probability, fake_probability):
    cross_entropy = keras.losses.BinaryCrossentropy()
    return cross_entropy(tf.ones_like(real_probability), real_probability) + cross_entropy(
        tf.zeros_like(fake_probability), fake_probability
    )


# %% right: an epsilon
def repair_loss(real_probability, fake_probability):
    epsilon = 1e-7
    real = tf.reduce_mean(tf.math.log(real_probability + epsilon))
    fake = tf.reduce_mean(tf.math.log(1.0 - fake_probability + epsilon))
    return -(real + fake)


# %% right: clipped, with log1p
def repair_loss(real_probability, fake_probability, least=1e-6):
    real = tf.clip_by_value(real_probability, least, 1.0)
    fake = tf.clip_by_value(fake_probability, 0.0, 1.0 - least)
    return tf.reduce_mean(-tf.math.log(real)) + tf.reduce_mean(-tf.math.log1p(-fake))


# %% right: keras.ops
def repair_loss(real_probability, fake_probability):
    def cost(p):
        return -keras.ops.mean(keras.ops.log(keras.ops.maximum(p, 1e-7)))

    return cost(real_probability) + cost(1 - fake_probability)


# %% right: back to logits
def repair_loss(real_probability, fake_probability):
    def logit(p):
        p = tf.clip_by_value(p, 1e-7, 1 - 1e-7)
        return tf.math.log(p) - tf.math.log1p(-p)

    return tf.reduce_mean(tf.nn.softplus(-logit(real_probability))) + tf.reduce_mean(
        tf.nn.softplus(logit(fake_probability))
    )


# %% right: float64 inside
def repair_loss(real_probability, fake_probability):
    real, fake = (tf.cast(p, tf.float64) for p in (real_probability, fake_probability))
    loss = -tf.reduce_mean(tf.math.log(real + 1e-12)) - tf.reduce_mean(tf.math.log(1 + 1e-12 - fake))
    return tf.cast(loss, tf.float32)
