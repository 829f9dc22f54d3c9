"""Make dcgan_lib/assets/generator.npz and discriminator.npz, and their card trained.md.

    python scripts/make_trained_weights.py FILE.npz --out RUN

FILE.npz holds MNIST in Keras's keys: x_train, y_train, x_test, y_test. The training goes on
where it was stopped, like `dcgan train`.
"""

import argparse
import csv
import platform
from pathlib import Path

import keras
import tensorflow as tf

from dcgan_lib.data import load_digits
from dcgan_lib.evaluation import format_quality_table, quality_table
from dcgan_lib.files import ASSETS, atomic_path
from dcgan_lib.models import load_trained_generator, save_weights
from dcgan_lib.run import draw_for_table, train_run


def write_card(path, options, digits):
    """Measure the weights as they are shipped, and write the card.

    Args:
        path: the Markdown file to write.
        options: the command's options.
        digits: the `Digits` of the training.
    """
    with open(options.out / "losses.csv", newline="") as file:
        seconds = sum(float(row["seconds"]) for row in csv.DictReader(file))
    samples = draw_for_table(load_trained_generator(), digits, options.seed)
    table = format_quality_table(quality_table(samples, digits))
    sizes = ", ".join(
        f"{name} {(ASSETS / name).stat().st_size:,} bytes"
        for name in ("generator.npz", "discriminator.npz")
    )
    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    lines = [
        "# The trained networks: generator.npz and discriminator.npz",
        "",
        "The course's generator, as the moving average of its training gives it, and the",
        "discriminator it was trained against. `scripts/make_trained_weights.py` wrote this card;",
        "every figure in it was measured on the weights as they are shipped.",
        "",
        f"- Command: `python scripts/make_trained_weights.py FILE.npz --epochs {options.epochs} "
        f"--seed {options.seed} --out RUN`,",
        "  with MNIST in Keras's keys as FILE.npz",
        f"- Preset fast, {options.epochs} epochs of {len(digits.x_train):,} digits",
        f"- Training time: {seconds / 60:.0f} min on a {device} with other work beside it",
        f"- Made with Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}",
        f"- Stored as float16: {sizes}",
        "- Source: MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licence",
        "  CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/). These weights are",
        "  under the same licence.",
        "",
        f"Quality of its samples (seed {options.seed}), beside known cases; held out are MNIST's "
        "test digits:",
        "",
        table,
        "",
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8")


def main():
    """Train, save the weights, and write the card."""
    parser = argparse.ArgumentParser(description="Train the networks that the course ships.")
    parser.add_argument("file", metavar="FILE.npz", help="MNIST in Keras's keys")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    options = parser.parse_args()
    model = train_run(
        options.out, data=options.file, preset="fast", seed=options.seed, epochs=options.epochs
    )
    save_weights(model.sampler, ASSETS / "generator.npz")
    save_weights(model.discriminator, ASSETS / "discriminator.npz")
    write_card(ASSETS / "trained.md", options, load_digits(options.file))
    print(f"{ASSETS / 'trained.md'} says how good they are.")


if __name__ == "__main__":
    main()
