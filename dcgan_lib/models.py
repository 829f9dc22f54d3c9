"""The two networks of the chapter, and what one does with them."""

import keras
import numpy as np
from keras import layers

from dcgan_lib.files import ASSETS, atomic_path

NOISE_DIM = 100
LEAKY_SLOPE = 0.2  # of the DCGAN paper (arXiv:1511.06434); Keras's own default is 0.3
DROPOUT_RATE = 0.3


def conv_transpose_output_size(size, stride):
    """Output length of a transposed convolution with "same" padding.

    Args:
        size: input length in pixels, a whole number from 1.
        stride: whole number from 1.

    Returns:
        Output length in pixels, `size * stride` (Keras, `Conv2DTranspose`).

    Taught in: 03_generator
    """
    return size * stride


def make_generator_model(noise_dim=NOISE_DIM, *, dtype=None):
    """Make the network that draws: from a latent vector to an image.

    Args:
        noise_dim: length of the latent vector, from 1.
        dtype: Keras dtype policy of the layers, e.g. "mixed_float16"; the output is float32
            whatever the policy.

    Returns:
        A `keras.Model` from `(n, noise_dim)` to images `(n, 28, 28, 1)` in [-1, 1].

    Taught in: 03_generator
    """

    def upsample(filters, strides):
        return layers.Conv2DTranspose(
            filters, 5, strides=strides, padding="same", use_bias=False, dtype=dtype
        )

    def normalize_and_activate():
        return [
            layers.BatchNormalization(dtype=dtype),
            layers.LeakyReLU(negative_slope=LEAKY_SLOPE, dtype=dtype),
        ]

    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False, dtype=dtype),
            *normalize_and_activate(),
            layers.Reshape((7, 7, 256), dtype=dtype),
            upsample(128, strides=1),
            *normalize_and_activate(),
            upsample(64, strides=2),
            *normalize_and_activate(),
            upsample(1, strides=2),
            layers.Activation("tanh", dtype="float32"),
        ],
        name="generator",
    )


def make_discriminator_model(*, dtype=None):
    """Make the network that judges: from an image to one logit, above 0 for "real".

    Args:
        dtype: Keras dtype policy of the layers, e.g. "mixed_float16"; the logit is float32
            whatever the policy.

    Returns:
        A `keras.Model` from images `(n, 28, 28, 1)` in [-1, 1] to logits `(n, 1)`.

    Taught in: 04_discriminator
    """

    def downsample(filters):
        return [
            layers.Conv2D(filters, 5, strides=2, padding="same", dtype=dtype),
            layers.LeakyReLU(negative_slope=LEAKY_SLOPE, dtype=dtype),
            layers.Dropout(DROPOUT_RATE, dtype=dtype),
        ]

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *downsample(64),
            *downsample(128),
            layers.Flatten(dtype=dtype),
            layers.Dense(1, dtype="float32"),
        ],
        name="discriminator",
    )


def generate_images(generator, noise):
    """Draw images in inference mode: the same noise always gives the same images.

    Args:
        generator: a model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        noise: latent vectors `(n, noise_dim)`, float32.

    Returns:
        Images `(n, 28, 28, 1)` in [-1, 1], a tensor.

    Taught in: 03_generator
    """
    return generator(noise, training=False)


def probability_real(logits):
    """Turn logits into the probability of "real".

    Args:
        logits: array or tensor of any shape.

    Returns:
        A tensor of the same shape, the sigmoid 1 / (1 + exp(-logit)), in [0, 1].

    Taught in: 04_discriminator
    """
    return keras.ops.sigmoid(keras.ops.convert_to_tensor(logits))


def is_real(logits):
    """Decide between real and fake.

    Args:
        logits: array or tensor of any shape.

    Returns:
        A boolean tensor of the same shape, True where the logit is above 0, which is where
        the probability of "real" exceeds one half.

    Taught in: 04_discriminator
    """
    return keras.ops.convert_to_tensor(logits) > 0


def save_weights(model, path):
    """Save the weights alone, as float16; the model itself is rebuilt in code.

    A `.keras` file written by one version of Keras may not load in an older one; arrays do.

    Args:
        model: a built `keras.Model`.
        path: the `.npz` file to write.
    """
    arrays = {str(i): w.astype(np.float16) for i, w in enumerate(model.get_weights())}
    with atomic_path(path) as temporary:
        np.savez_compressed(temporary, **arrays)


def load_weights(model, path):
    """Load weights that `save_weights` wrote, into a model of the same architecture.

    Args:
        model: a built `keras.Model`; changed in place.
        path: the `.npz` file.

    Returns:
        The model.

    Raises:
        ValueError: if the file does not fit the model; it names the first array that differs.
    """
    expected = model.get_weights()
    with np.load(path, allow_pickle=False) as arrays:
        weights = [arrays[str(i)].astype(np.float32) for i in range(len(arrays.files))]
    if len(weights) != len(expected):
        raise ValueError(
            f"{path} holds {len(weights)} arrays, the model has {len(expected)}: "
            "the file belongs to another network"
        )
    for i, (got, want) in enumerate(zip(weights, expected, strict=True)):
        if got.shape != want.shape:
            raise ValueError(
                f"{path}: array {i} has shape {got.shape}, the model needs {want.shape}: "
                "the file belongs to another network"
            )
    model.set_weights(weights)
    return model


def load_trained_generator():
    """The generator that the course ships, trained on all of MNIST.

    Returns:
        A `keras.Model` from `(n, 100)` to images `(n, 28, 28, 1)` in [-1, 1].
    """
    return load_weights(make_generator_model(), ASSETS / "generator.npz")


def load_trained_discriminator():
    """The discriminator that the shipped generator was trained against.

    Returns:
        A `keras.Model` from images `(n, 28, 28, 1)` to logits `(n, 1)`.
    """
    return load_weights(make_discriminator_model(), ASSETS / "discriminator.npz")
