"""Shared by the tests: small data, and what a fresh process needs."""

import os
from importlib.util import find_spec

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if find_spec("nbgrader"):
    from dcgan_grader.release import find_programs

    find_programs()


@pytest.fixture(scope="session")
def small_file(tmp_path_factory):
    """An `.npz` in Keras's keys with 128 training and 128 held-out digits of the package."""
    from dcgan_lib.data import load_digits

    digits = load_digits("embedded")
    path = tmp_path_factory.mktemp("digits") / "small.npz"
    np.savez(path, **{name: array[:128] for name, array in digits._asdict().items()})
    return path
