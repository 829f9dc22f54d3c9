"""Is this machine ready for the course?"""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

DISTRIBUTION = "dcgan-course"
PACKAGES = ("tensorflow", "keras", "numpy", "matplotlib", "pillow", "imageio", "ipywidgets")


def hello_gan(name):
    """Greet somebody: the first exercise, which shows how an exercise works.

    Args:
        name: str.

    Returns:
        "Hello, <name>!".

    Taught in: 00_start_here
    """
    return f"Hello, {name}!"


def start(lesson, version):
    """Get ready for a notebook: its setup cell calls this first.

    Prints one line: where it runs, TensorFlow, GPU or not, which digits.

    Args:
        lesson: name of the notebook, e.g. "05_losses".
        version: version of the course that the notebook was released with.

    Returns:
        The digits, a `dcgan_lib.data.Digits`: all of MNIST where it can be had, else the 5,000
        inside the package.

    Taught in: 00_start_here
    """
    import dcgan_lib

    tf = import_tensorflow()
    from dcgan_lib.data import find_source, load_digits

    gpus = len(tf.config.list_physical_devices("GPU"))
    source = find_source()
    try:
        digits = load_digits(source)
    except ValueError as error:
        if source != "full":
            raise
        print(error)
        source = "embedded"
        digits = load_digits(source)
    count = len(digits.x_train) + len(digits.x_test)
    where = "Colab" if "google.colab" in sys.modules else platform.system()
    print(
        f"{lesson}: {where}, Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"{f'{gpus} GPU' if gpus else 'no GPU (the CPU will do)'}, "
        f"{count:,} digits ({source})"
    )
    # A source notebook holds a word in braces, where its release holds the version.
    if "{" not in version and version != dcgan_lib.__version__:
        print(
            f"This notebook is of version {version} of the course, dcgan_lib of version "
            f"{dcgan_lib.__version__}: restart the kernel, remove dcgan_lib "
            f"(pip uninstall -y {DISTRIBUTION}), and run this cell again."
        )
    return digits


def import_tensorflow():
    """Import TensorFlow without its start-up lines, which it writes to stderr past Python.

    Returns:
        The module `tensorflow`.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        import tensorflow as tf

        # Looking for GPUs writes more such lines, once.
        tf.config.list_physical_devices("GPU")
    finally:
        os.dup2(kept, 2)
        os.close(kept)
    return tf


def report(stream=None):
    """Print what the course needs, what is here, and what to do about each fault.

    Args:
        stream: text file; standard output when None.

    Returns:
        The number of faults.
    """
    stream = stream or sys.stdout
    checks = [_check_python(), *map(_check_package, PACKAGES), _check_gpu(), *_check_data()]
    for fine, line in checks:
        stream.write(f"{'ok   ' if fine else 'FAULT'}  {line}\n")
    return sum(not fine for fine, _ in checks)


def _check_python():
    from packaging.specifiers import SpecifierSet

    here = platform.python_version()
    try:
        needed = SpecifierSet(metadata(DISTRIBUTION)["Requires-Python"])
    except PackageNotFoundError:
        return False, f"Python {here}; dcgan-course is not installed: see the README"
    if here in needed:
        return True, f"Python {here}"
    return False, f"Python {here}: the course needs Python {needed}; install such a one"


def _check_package(name):
    from packaging.requirements import Requirement

    known = _colab_versions().get(name, "")
    try:
        here = version(name)
    except PackageNotFoundError:
        return False, f"{name} is missing: pip install {name}"
    line = f"{name} {here}" + (f" (Colab has {known})" if known not in ("", here) else "")
    for needed in map(Requirement, _requirements()):
        if needed.name == name and here not in needed.specifier:
            return False, f"{line}: pip install '{name}{needed.specifier}'"
    return True, line


def _check_gpu():
    import tensorflow as tf

    from dcgan_lib.run import choose_precision

    gpus = tf.config.list_physical_devices("GPU")
    device = f"{len(gpus)} GPU" if gpus else "no GPU: every notebook also runs on the CPU"
    return True, f"{device}; training uses {choose_precision()}"


def _check_data():
    from dcgan_lib.data import load_digits

    try:
        digits = load_digits("embedded")
    except ValueError as error:
        yield False, str(error)
    else:
        yield True, f"digits: {len(digits.x_train) + len(digits.x_test):,} inside the package"
    cached = Path("~/.keras/datasets/mnist.npz").expanduser().exists()
    yield True, f"all of MNIST: {'downloaded' if cached else 'downloaded when first used'}"


def _requirements():
    """The core requirements of the installed package."""
    try:
        return [line for line in requires(DISTRIBUTION) or [] if "extra ==" not in line]
    except PackageNotFoundError:
        return []


def _colab_versions():
    from dcgan_lib.files import ASSETS

    lines = (ASSETS / "colab-constraints.txt").read_text().splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name.strip().lower(): pin.strip() for name, pin in pins}
