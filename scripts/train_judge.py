"""Make dcgan_lib/assets/judge.npz, the digit judge, and its card judge.md.

    python scripts/train_judge.py FILE.npz

FILE.npz holds digits in Keras's keys: x_train, y_train, x_test, y_test.
"""

import argparse
import platform
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib import data, evaluation, models
from dcgan_lib.files import ASSETS, atomic_path

BATCH_SIZE = 128
NON_DIGITS = 8  # of each kind, per batch
LEARNING_RATE = 2e-3  # at the start; falls to 0 along a cosine
MAX_SHIFT = 2  # pixels


def shift(images, rng):
    """Move each image by up to `MAX_SHIFT` pixels: a digit stays the same digit."""
    pad = (MAX_SHIFT, MAX_SHIFT)
    padded = np.pad(images, ((0, 0), pad, pad, (0, 0)), constant_values=-1)
    size = images.shape[1]
    top, left = rng.integers(0, 2 * MAX_SHIFT + 1, (2, len(images), 1, 1))
    rows = top + np.arange(size)[:, np.newaxis]
    columns = left + np.arange(size)
    return padded[np.arange(len(images))[:, np.newaxis, np.newaxis], rows, columns]


def shuffle_tiles(images, side, rng):
    """Cut each image into square tiles, `side` pixels wide, and mix them: ink but no digit."""
    per_row = images.shape[1] // side
    tiles = images.reshape(-1, per_row, side, per_row, side).swapaxes(2, 3)
    tiles = tiles.reshape(len(images), per_row**2, side, side)
    order = rng.permuted(np.tile(np.arange(per_row**2), (len(images), 1)), axis=1)
    tiles = np.take_along_axis(tiles, order[..., np.newaxis, np.newaxis], axis=1)
    return tiles.reshape(-1, per_row, per_row, side, side).swapaxes(2, 3).reshape(images.shape)


def noise(count, rng):
    """Draw images of noise, each with its own brightness and contrast."""
    low, high = np.sort(rng.uniform(-1, 1, (2, count, 1, 1, 1)), axis=0)
    return rng.uniform(low, high, (count, *data.IMAGE_SHAPE)).astype(np.float32)


class Batches(keras.utils.PyDataset):
    """Shifted digits with their labels, and some images that are no digit.

    For the latter the judge shall give every digit the same probability (Hendrycks and others
    2019, "outlier exposure", https://arxiv.org/abs/1812.04606). Without them a classifier is
    sure that noise is an eight, and its confidence says nothing about a poor sample.
    """

    def __init__(self, images, labels, seed):
        super().__init__()
        self.images, self.seed, self.epoch = images, seed, 0
        self.targets = np.eye(evaluation.N_DIGITS, dtype=np.float32)[labels]
        self.size = min(BATCH_SIZE, len(images))
        self.on_epoch_end()

    def __len__(self):
        return len(self.images) // self.size

    def on_epoch_end(self):
        """Choose the order of the next epoch."""
        self.epoch += 1
        rng = np.random.default_rng((self.seed, self.epoch))
        self.order = rng.permutation(len(self.images))

    def __getitem__(self, index):
        rng = np.random.default_rng((self.seed, self.epoch, index))
        chosen = self.order[index * self.size : (index + 1) * self.size]
        digits = shift(self.images[chosen], rng)
        others = [
            noise(NON_DIGITS, rng),
            shuffle_tiles(digits[:NON_DIGITS], 1, rng),
            shuffle_tiles(digits[NON_DIGITS : 2 * NON_DIGITS], 7, rng),
        ]
        images = np.concatenate([digits, *others])
        unsure = np.full((len(images) - len(digits), evaluation.N_DIGITS), 0.1, np.float32)
        return images, np.concatenate([self.targets[chosen], unsure])


def train_judge(digits, epochs, seed):
    """Train a judge; return it and the seconds it took."""
    keras.utils.set_random_seed(seed)
    judge = evaluation.make_judge()
    batches = Batches(data.normalize_images(digits.x_train), digits.y_train, seed)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, epochs * len(batches))
    judge.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    start = time.monotonic()
    judge.fit(batches, epochs=epochs, verbose=2)
    return judge, time.monotonic() - start


def write_card(path, weights, digits, epochs, seed, seconds):
    """Measure the judge in the file `weights`, as it is shipped, and write its card."""
    judge = evaluation.load_judge(weights)
    rng = np.random.default_rng(seed)
    test = data.normalize_images(digits.x_test)

    def look(images):
        probabilities = keras.ops.softmax(judge.predict(images, batch_size=500, verbose=0))
        return np.argmax(probabilities, axis=1), np.max(probabilities, axis=1)

    labels, confidence = look(test)
    right = labels == digits.y_test
    confident = {
        "test digits": confidence,
        "test digits in tiles of 7x7 pixels, mixed": look(shuffle_tiles(test, 7, rng))[1],
        "noise": look(noise(1000, rng))[1],
    }
    right_by_digit = {digit: right[digits.y_test == digit] for digit in np.unique(digits.y_test)}
    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    lines = [
        "# The digit judge: judge.npz",
        "",
        "A small classifier of handwritten digits, made for this course. `dcgan_lib.evaluation`",
        "uses it to measure generated digits. `scripts/train_judge.py` wrote this card; every",
        "figure in it was measured on the weights as they are shipped.",
        "",
        f"- Command: `python scripts/train_judge.py FILE.npz --epochs {epochs} --seed {seed}`,",
        "  with MNIST in Keras's keys as FILE.npz",
        f"- Digits: {len(digits.x_train):,} for training, {len(digits.x_test):,} for the test",
        f"- Training time: {seconds:.0f} s on a {device}",
        f"- Made with Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}",
        f"- Parameters: {judge.count_params():,}, stored as float16 in "
        f"{Path(weights).stat().st_size:,} bytes",
        "- Source: MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licence",
        "  CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/). These weights are",
        "  under the same licence.",
        "",
        f"**Accuracy on the test digits: {right.mean():.2%}** "
        f"({np.sum(~right)} of {len(right):,} wrong)",
        "",
        "| digit | test images | accuracy |",
        "|---|---:|---:|",
        *(f"| {digit} | {len(r)} | {r.mean():.2%} |" for digit, r in right_by_digit.items()),
        "",
        f"Share of images with a confidence of at least {evaluation.CONFIDENT}:",
        "",
        "| images | share |",
        "|---|---:|",
        *(
            f"| {name} | {evaluation.confident_share(values):.1%} |"
            for name, values in confident.items()
        ),
        "",
        "The digits inside the package come from MNIST's training digits, so the judge has seen",
        "all of them, those held out of the GAN's training included.",
        "",
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8")
    return right.mean()


def main(arguments=None):
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Train the digit judge and write its card.")
    parser.add_argument("file", metavar="FILE.npz", help="digits in Keras's keys")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ASSETS, help="an existing directory")
    options = parser.parse_args(arguments)
    if options.epochs < 1:
        parser.error("--epochs must be at least 1")
    if not options.out.is_dir():
        parser.error(f"--out {options.out} is no directory")
    try:
        digits = data.load_digits(options.file)
    except ValueError as error:
        parser.error(str(error))
    judge, seconds = train_judge(digits, options.epochs, options.seed)
    weights = options.out / evaluation.JUDGE_WEIGHTS.name
    models.save_weights(judge, weights)
    card = weights.with_suffix(".md")
    accuracy = write_card(card, weights, digits, options.epochs, options.seed, seconds)
    print(f"{weights}: {accuracy:.2%} of {len(digits.x_test):,} test digits right; card {card}")


if __name__ == "__main__":
    main()
