"""The two losses of the game, from logits, and the two optimizers."""

import keras
import tensorflow as tf


def _cross_entropy(label, logits):
    # From logits, not from probabilities: log(sigmoid(-1000)) is minus infinity in float32,
    # while the fused form is finite.
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(tf.shape(logits), label), logits)
    )


def discriminator_loss(real_output, fake_output):
    """Loss of the discriminator: real images should get the label 1, fakes the label 0.

    Args:
        real_output: logits for real images, float tensor of any shape.
        fake_output: logits for generated images; may have another size.

    Returns:
        Scalar tensor: mean cross-entropy of real against ones plus mean cross-entropy of fake
        against zeros (Goodfellow et al. 2014, arXiv:1406.2661, section 3, as a loss).

    Taught in: 05_losses
    """
    real_output = tf.cast(real_output, tf.float32)
    fake_output = tf.cast(fake_output, tf.float32)
    return _cross_entropy(1.0, real_output) + _cross_entropy(0.0, fake_output)


def generator_loss(fake_output):
    """Non-saturating loss of the generator: fakes should get the label 1.

    Args:
        fake_output: logits for generated images, float tensor of any shape.

    Returns:
        Scalar tensor: mean cross-entropy of fake against ones (arXiv:1406.2661, section 3).

    Taught in: 05_losses
    """
    return _cross_entropy(1.0, tf.cast(fake_output, tf.float32))


def saturating_generator_loss(fake_output):
    """The generator's loss as the minimax game has it; its gradient dies when it loses.

    Args:
        fake_output: logits for generated images, float tensor of any shape.

    Returns:
        Scalar tensor: mean of log(1 - sigmoid(logit)) (arXiv:1406.2661, equation 1).

    Taught in: 05_losses
    """
    return -_cross_entropy(0.0, tf.cast(fake_output, tf.float32))


def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    """Make one Adam optimizer for each network.

    Each keeps moving averages of its own network's gradients, so they cannot be shared.

    Args:
        learning_rate: step size, above 0.
        beta_1: decay of the average gradient, in [0, 1).

    Returns:
        `(generator_optimizer, discriminator_optimizer)`, new objects at every call.

    Taught in: 05_losses
    """
    return tuple(keras.optimizers.Adam(learning_rate, beta_1=beta_1) for _ in range(2))
