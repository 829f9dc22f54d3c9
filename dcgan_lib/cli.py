"""The command `dcgan`: train, look, measure."""

import argparse
import math
import sys
from pathlib import Path

EXAMPLES = {
    "train": "dcgan train --out my_run --minutes 5",
    "animate": "dcgan animate my_run",
    "sample": "dcgan sample my_run --count 64 --out digits.png",
    "walk": "dcgan walk my_run --out walk.gif",
    "evaluate": "dcgan evaluate my_run",
    "doctor": "dcgan doctor",
}


def main(arguments=None):
    """Run the command line.

    Args:
        arguments: list of str; those of the process when None.

    Returns:
        Exit code: 0 when done, 1 when `doctor` found a fault, 2 for bad arguments or input,
        130 when stopped by Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    from dcgan_lib.doctor import import_tensorflow

    import_tensorflow()
    try:
        return options.run(options) or 0
    except (ValueError, OSError) as error:
        print(f"dcgan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ndcgan: stopped.", file=sys.stderr)
        return 130


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        """Answer bad arguments in one line."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _parser():
    parser = _Parser(prog="dcgan", description="Train a DCGAN on handwritten digits.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name, run, text):
        one = commands.add_parser(
            name, help=text, description=text, epilog=f"example: {EXAMPLES[name]}"
        )
        one.set_defaults(run=run)
        return one

    one = command("train", _train, "Train a run, or go on where it was stopped.")
    one.add_argument("--data", help="embedded (default), full, or an .npz file in Keras's keys")
    one.add_argument("--preset", help="fast (default) or chapter")
    length = one.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=_number(int, 1), help="passes over the data in all")
    length.add_argument("--minutes", type=_number(float, 0), help="stop after so many minutes")
    one.add_argument("--seed", type=_number(int, 0), help="whole number; 0 by default")
    one.add_argument(
        "--precision",
        default="auto",
        choices=("auto", "float32", "mixed_float16", "mixed_bfloat16"),
        help="arithmetic of the networks; auto takes what is fast here",
    )
    one.add_argument("--out", default="run", metavar="RUN", help="folder of the run (run)")

    one = command("animate", _animate, "Make the GIF of a training, and a still sheet beside it.")
    one.add_argument("folder", metavar="RUN", help="folder of the run")
    one.add_argument("--out", metavar="FILE.gif", help="RUN/training.gif by default")

    one = command("sample", _sample, "Draw images with a trained generator.")
    one.add_argument("folder", metavar="RUN", help="folder of the run")
    one.add_argument("--count", type=_number(int, 1), default=16, help="how many (16)")
    one.add_argument("--seed", type=_number(int, 0), default=0, help="whole number (0)")
    one.add_argument(
        "--out",
        metavar="FILE",
        help="a .png grid or a .npy array (n, 28, 28, 1) in [-1, 1]; RUN/sample.png by default",
    )

    one = command("walk", _walk, "Make a GIF of a walk through the latent space.")
    one.add_argument("folder", metavar="RUN", help="folder of the run")
    one.add_argument("--seed", type=_number(int, 0), default=0, help="whole number (0)")
    one.add_argument("--out", metavar="FILE.gif", help="RUN/walk.gif by default")

    one = command("evaluate", _evaluate, "Measure the quality of a trained generator.")
    one.add_argument("folder", metavar="RUN", help="folder of the run")
    one.add_argument("--seed", type=_number(int, 0), default=0, help="whole number (0)")

    command("doctor", _doctor, "Check this machine: versions, GPU, data.")
    return parser


def _number(kind, least):
    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not value >= least or (kind is float and value == 0):
            wanted = "a whole number" if kind is int else "a number"
            bound = f"from {least}" if kind is int else f"above {least}"
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted} {bound}")
        return value

    return parse


def _train(options):
    from dcgan_lib.run import train_run

    try:
        train_run(
            options.out,
            data=options.data,
            preset=options.preset,
            seed=options.seed,
            epochs=options.epochs,
            minutes=options.minutes,
            precision=options.precision,
        )
    except KeyboardInterrupt:
        print(
            f"\ndcgan: stopped. The same command goes on from the newest checkpoint in "
            f"{options.out}.",
            file=sys.stderr,
        )
        return 130
    print(f"Trained. Now: dcgan animate {options.out}; dcgan evaluate {options.out}")


def _animate(options):
    from dcgan_lib.animation import alt_text, contact_sheet, make_gif
    from dcgan_lib.run import read_settings

    read_settings(options.folder)
    gif = Path(options.out or Path(options.folder) / "training.gif")
    make_gif(options.folder, gif)
    sheet = contact_sheet(options.folder, gif.with_suffix(".png"))
    print(f"{gif}: {alt_text(gif)}\n{sheet}: {alt_text(sheet)}")


def _sample(options):
    import numpy as np

    from dcgan_lib.animation import image_grid, save_picture
    from dcgan_lib.files import atomic_path
    from dcgan_lib.run import draw, load_generator

    path = Path(options.out or Path(options.folder) / "sample.png")
    if path.suffix not in (".png", ".npy"):
        raise ValueError(f"--out {path}: the name must end in .png or .npy")
    images = draw(load_generator(options.folder), options.count, options.seed)
    if path.suffix == ".npy":
        with atomic_path(path) as temporary:
            np.save(temporary, images)
    else:
        columns = math.isqrt(options.count - 1) + 1
        description = f"{options.count} images in rows of {columns}, drawn by {options.folder}."
        save_picture(image_grid(images, columns), path, description)
    print(path)


def _walk(options):
    from dcgan_lib.animation import write_gif
    from dcgan_lib.data import denormalize_images
    from dcgan_lib.latent import walk
    from dcgan_lib.run import latent_vectors, load_generator

    path = Path(options.out or Path(options.folder) / "walk.gif")
    keypoints = latent_vectors(6, options.seed)
    images = walk(load_generator(options.folder), keypoints, steps=12)
    write_gif(
        denormalize_images(images),
        path,
        frame_ms=80,
        hold=1,
        description="One digit turns into another on a round trip through six latent vectors.",
    )
    print(path)


def _evaluate(options):
    from dcgan_lib.data import load_digits
    from dcgan_lib.evaluation import format_quality_table, quality_table
    from dcgan_lib.run import draw_for_table, load_generator, read_settings

    digits = load_digits(read_settings(options.folder)["data"])
    generator = load_generator(options.folder)
    samples = draw_for_table(generator, digits, options.seed)
    rows = quality_table(samples, digits, name=str(options.folder))
    print(format_quality_table(rows))


def _doctor(options):
    from dcgan_lib.doctor import report

    return report()


if __name__ == "__main__":
    sys.exit(main())
