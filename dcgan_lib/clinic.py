"""Broken GANs and their repairs.

Each repair stands here under the name of its exercise; where the healthy function is one that
an earlier lesson taught, the repair calls it.
"""

import tensorflow as tf

from dcgan_lib.data import normalize_images
from dcgan_lib.losses import generator_loss
from dcgan_lib.models import NOISE_DIM, generate_images
from dcgan_lib.training import make_train_step

SMALLEST = 1e-7  # probabilities are kept so far from 0 and 1: their logarithm stays finite


def repair_loss(real_probability, fake_probability):
    """Loss of a discriminator that ends in a sigmoid.

    Args:
        real_probability: probabilities of "real" for real images, in [0, 1], any shape.
        fake_probability: the same for generated images; may have another size.

    Returns:
        Scalar tensor: mean cross-entropy of real against ones plus mean cross-entropy of fake
        against zeros.

    Taught in: 10_clinic
    """
    real, fake = (
        tf.clip_by_value(tf.cast(p, tf.float32), SMALLEST, 1.0 - SMALLEST)
        for p in (real_probability, fake_probability)
    )
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log1p(-fake))


def repair_step(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    noise_dim=NOISE_DIM,
):
    """Make a train step in which each optimizer moves its own network only.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        discriminator: model from `(n, 28, 28, 1)` to logits `(n, 1)`.
        generator_optimizer: Keras optimizer of the generator.
        discriminator_optimizer: Keras optimizer of the discriminator.
        noise_dim: length of the latent vector.

    Returns:
        A function from a batch of images to `(gen_loss, disc_loss)`; see
        `training.make_train_step`.

    Taught in: 10_clinic
    """
    return make_train_step(
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim
    )


def repair_data(images):
    """Scale digits to the range of the generator's tanh.

    Args:
        images: uint8 `(n, 28, 28)`. Left unchanged.

    Returns:
        float32 array `(n, 28, 28, 1)` in [-1, 1].

    Taught in: 10_clinic
    """
    return normalize_images(images)


def repair_labels(fake_output):
    """Loss of a generator that is rewarded when its images pass for real.

    Args:
        fake_output: logits for generated images.

    Returns:
        Scalar tensor; see `losses.generator_loss`.

    Taught in: 10_clinic
    """
    return generator_loss(fake_output)


def repair_sampling(generator, n, noise_dim=NOISE_DIM):
    """Draw images from independent latent vectors, in inference mode.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        n: how many images, from 1.
        noise_dim: length of the latent vector.

    Returns:
        Images `(n, 28, 28, 1)` in [-1, 1], a tensor.

    Taught in: 10_clinic
    """
    return generate_images(generator, tf.random.normal((n, noise_dim)))
