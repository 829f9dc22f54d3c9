"""Make dcgan_lib/assets/clinic.npz, the recorded runs of 10_clinic, and their card clinic.md.

    python scripts/record_clinic.py

The healthy GAN and the six broken ones are trained on the digits inside the package, one after
the other, each by `dcgan_lib.clinic.record_case`.
"""

import argparse
import platform
import time
from pathlib import Path

import keras
import tensorflow as tf

from dcgan_lib import clinic, evaluation
from dcgan_lib.files import ASSETS, atomic_path

LAST = 50  # steps over which the card takes the mean of the losses


def describe(record):
    """Measure a record; returns the cells of its row in the card."""
    figures = clinic.measure_samples(record.final)
    last = slice(-LAST, None)
    return [
        f"{len(record.gen_loss)}",
        f"{record.gen_loss[last].mean():.2f}",
        f"{record.disc_loss[last].mean():.2f}",
        f"{record.real[-1]:.2f}",
        f"{record.fake[-1]:.2f}",
        f"{figures.covered}",
        f"{figures.kl:.2f}",
        f"{figures.confident:.0%}",
        f"{figures.distance:.2f}",
        f"{figures.nearest:.2f}",
    ]


def write_card(path, records, weights, seconds, arguments=""):
    """Write the card of the file `weights`, which holds these records."""
    header = ["case", "steps", "gen_loss", "disc_loss", "P(real)", "P(fake)", "digits covered"]
    header += ["KL", "confident", "distance", "nearest"]
    rows = [[name, *describe(record)] for name, record in records.items()]
    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    lines = [
        "# The recorded runs of the clinic: clinic.npz",
        "",
        "One healthy GAN and six broken ones: losses of every step, what the discriminator said",
        "now and then, and samples. `dcgan_lib.clinic` holds the faults and reads the file;",
        "`scripts/record_clinic.py` wrote it and this card.",
        "",
        f"- Command: `python scripts/record_clinic.py{arguments}`",
        "- Trained on the 4,500 digits inside the package, in float32, batch "
        f"{clinic.SETTINGS.batch_size}, Adam with learning rate {clinic.SETTINGS.learning_rate:g} "
        f"and beta_1 {clinic.SETTINGS.beta_1:g}",
        "- The collapsed run goes on from the course's trained networks (trained.md)",
        f"- Training time: {seconds / 60:.0f} min on a {device} with other work beside it",
        f"- Made with Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}; other versions and machines round differently, so their",
        "  curves differ in detail",
        f"- Size: {Path(weights).stat().st_size:,} bytes; losses and probabilities as float16, "
        f"samples as uint8 in steps of {clinic.GREY_STEP}",
        "- Source: MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licence",
        "  CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/). These records are",
        "  under the same licence.",
        "",
        f"Measured on the file: the mean losses of the last {LAST} steps; the mean probability of",
        f'"real" that the discriminator gave at the end to {clinic.ASKED} real images and to as',
        f"many fakes; and of the last {clinic.FINAL_SAMPLES} samples: how many digits make up "
        f"{evaluation.COVERED_SHARE:.0%} or more, by",
        "the digit judge; the KL divergence of the digits from uniform; the share of which the",
        f"judge is sure ({evaluation.CONFIDENT:.0%} or more); the mean distance between two "
        "samples, divided by",
        "that of two real digits; the distance to the nearest training digit, divided by that",
        "of held-out digits (medians).",
        "",
        *("| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows]),
        "",
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8")


def main(arguments=None):
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Record the runs of 10_clinic.")
    parser.add_argument("--steps", type=int, help="at most so many updates in each run, for a try")
    parser.add_argument("--out", type=Path, default=ASSETS, help="an existing directory")
    options = parser.parse_args(arguments)
    if options.steps is not None and options.steps < 1:
        parser.error("--steps must be at least 1")
    if not options.out.is_dir():
        parser.error(f"--out {options.out} is no directory")
    started, records = time.monotonic(), {}
    for name in clinic.CASES:
        records[name] = clinic.record_case(name, options.steps)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    path = options.out / clinic.RECORDS.name
    clinic.save_records(records, path)
    tried = "" if options.steps is None else f" --steps {options.steps}"
    seconds = time.monotonic() - started
    write_card(path.with_suffix(".md"), clinic.load_records(path), path, seconds, tried)
    print(f"{path}, and its card beside it")


if __name__ == "__main__":
    main()
