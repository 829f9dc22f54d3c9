"""From handwritten digits to batches of images in [-1, 1]."""

import contextlib
import os
import socket
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from dcgan_lib.files import ASSETS

IMAGE_SHAPE = (28, 28, 1)
DOWNLOAD_HOST = ("storage.googleapis.com", 443)  # where keras.datasets.mnist comes from


class Digits(NamedTuple):
    """Handwritten digits, split as Keras splits MNIST.

    Attributes:
        x_train: uint8 images `(n, 28, 28)`, 0 is black, 255 is white.
        y_train: uint8 labels `(n,)`, 0 to 9.
        x_test: uint8 images held out of training `(m, 28, 28)`.
        y_test: uint8 labels of the held-out images `(m,)`.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_digits(source="embedded"):
    """Load handwritten digits.

    Args:
        source: `"embedded"`, the 5,000 MNIST digits inside this package, of which 500, the
            same always, are held out; `"full"`, all 70,000, downloaded once by Keras and
            checked by it; or the path of an `.npz` file with the arrays `x_train`,
            `y_train`, `x_test`, `y_test` that Keras uses.

    Returns:
        A `Digits` tuple.

    Raises:
        ValueError: if the digits cannot be had; it names the source and the way out.

    Taught in: 02_data
    """
    if source == "embedded":
        return _read_npz(ASSETS / "digits.npz")
    if source == "full":
        return _download()
    return _read_npz(Path(source).expanduser())


def find_source():
    """Choose the digits for a notebook: all of MNIST where it can be had.

    Returns:
        The environment variable `DCGAN_DATA` where it is set; else "full" if Keras has
        downloaded MNIST before, or its host can be reached; else "embedded".
    """
    if "DCGAN_DATA" in os.environ:
        return os.environ["DCGAN_DATA"]
    if Path("~/.keras/datasets/mnist.npz").expanduser().exists():
        return "full"
    with contextlib.suppress(OSError):
        socket.create_connection(DOWNLOAD_HOST, timeout=2).close()
        return "full"
    return "embedded"


def _download():
    import keras

    try:
        (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception for every failed download
        raise ValueError(
            f'digits "full": the download by keras.datasets.mnist failed ({error}). Check the '
            'network, or use load_digits("embedded"), or give the path of an mnist.npz.'
        ) from error
    return _checked(Digits(x_train, y_train, x_test, y_test), "full")


def _read_npz(path):
    remedy = (
        "Give an .npz file with x_train, y_train, x_test and y_test "
        '(Keras calls it mnist.npz), or use load_digits("embedded").'
    )
    if not path.is_file():
        raise ValueError(
            f'digits "{path}": there is no such file, and it is neither "embedded" nor "full". '
            + remedy
        )
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = [key for key in Digits._fields if key not in arrays.files]
            if missing:
                raise ValueError(f'digits "{path}": {", ".join(missing)} missing. {remedy}')
            digits = Digits(*(arrays[key] for key in Digits._fields))
    except (OSError, EOFError, zipfile.BadZipFile, AttributeError, KeyError) as error:
        raise ValueError(f'digits "{path}": damaged or not an .npz ({error}). {remedy}') from error
    except ValueError as error:
        if str(error).startswith("digits "):
            raise
        raise ValueError(f'digits "{path}": damaged or not an .npz ({error}). {remedy}') from error
    return _checked(digits, path)


def _checked(digits, source):
    def fail(what):
        raise ValueError(f'digits "{source}": {what}. Use load_digits("embedded") instead.')

    for split in ("train", "test"):
        images, labels = getattr(digits, f"x_{split}"), getattr(digits, f"y_{split}")
        if images.dtype != np.uint8:
            fail(f"x_{split} has type {images.dtype}, expected uint8 (0 to 255)")
        if images.ndim != 3 or images.shape[1:] != IMAGE_SHAPE[:2]:
            fail(f"x_{split} has shape {images.shape}, expected (n, 28, 28)")
        if len(images) == 0:
            fail(f"x_{split} is empty")
        if labels.shape != (len(images),):
            fail(f"y_{split} has shape {labels.shape}, expected ({len(images)},)")
        if not np.issubdtype(labels.dtype, np.integer) or labels.min() < 0 or labels.max() > 9:
            fail(f"y_{split} must hold whole numbers from 0 to 9")
    return digits._replace(
        y_train=digits.y_train.astype(np.uint8), y_test=digits.y_test.astype(np.uint8)
    )


def normalize_images(images):
    """Scale digits to the range of the generator's tanh.

    Args:
        images: uint8 `(n, 28, 28)`, 0 to 255. Left unchanged.

    Returns:
        float32 array `(n, 28, 28, 1)`; 0 maps to -1, 255 to 1.

    Taught in: 02_data
    """
    return (np.asarray(images, np.float32)[..., np.newaxis] - 127.5) / 127.5


def denormalize_images(images):
    """Scale images back to what a picture file holds; the inverse of `normalize_images`.

    Args:
        images: float array or tensor `(n, 28, 28, 1)`; what lies outside [-1, 1] is clipped.

    Returns:
        uint8 array `(n, 28, 28)`, rounded.

    Taught in: 02_data
    """
    pixels = np.asarray(images, np.float32)[..., 0] * 127.5 + 127.5
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def make_dataset(images, buffer_size, batch_size):
    """Turn images into shuffled batches.

    Args:
        images: float32 `(n, 28, 28, 1)`.
        buffer_size: how many images the shuffle holds; `n` or more shuffles perfectly.
        batch_size: images per batch; a last smaller batch is dropped, so that every update
            of a network sees the same number of images.

    Returns:
        A `tf.data.Dataset` of batches `(batch_size, 28, 28, 1)`, in a new order every pass.

    Taught in: 02_data
    """
    dataset = tf.data.Dataset.from_tensor_slices(images)
    return dataset.shuffle(buffer_size).batch(batch_size, drop_remainder=True)


def endless_batches(images, batch_size, seed, first_epoch=0):
    """Batches for a training that can be resumed: the order depends on seed and epoch alone.

    Args:
        images: float32 `(n, 28, 28, 1)`.
        batch_size: images per batch, 1 to n; a last smaller batch is dropped.
        seed: whole number.
        first_epoch: epochs already done; the stream starts with the order of the next one.

    Returns:
        An endless `tf.data.Dataset` of batches `(batch_size, 28, 28, 1)`; `n // batch_size` of
        them are one epoch.

    Raises:
        ValueError: if `batch_size` is below 1 or above n.
    """
    images = tf.constant(images)
    count = len(images)
    if not 1 <= batch_size <= count:
        raise ValueError(f"batch_size is {batch_size}; {count} images allow 1 to {count}")

    def one_epoch(epoch):
        order = tf.random.experimental.stateless_shuffle(
            tf.range(count), seed=tf.stack([tf.cast(seed, tf.int64), epoch])
        )
        return tf.data.Dataset.from_tensor_slices(order).batch(batch_size, drop_remainder=True)

    batches = tf.data.Dataset.counter(first_epoch).flat_map(one_epoch)
    return batches.map(lambda order: tf.gather(images, order)).prefetch(2)
