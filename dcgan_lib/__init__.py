"""A DCGAN that draws handwritten digits: the library of the course.

One room per step of the flow, imported by name (`from dcgan_lib import data`):

    data -> training (models, losses) -> run -> animation, latent, evaluation -> widgets

Importing the package itself imports nothing heavy.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

_ROOMS = (
    "animation",
    "checks",
    "clinic",
    "data",
    "doctor",
    "evaluation",
    "files",
    "latent",
    "losses",
    "models",
    "run",
    "theory",
    "training",
    "widgets",
)


def __getattr__(name):
    """Import a room when it is first used, so that `import dcgan_lib` stays quick."""
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name == "__version__":
        try:
            return version("dcgan-course")
        except PackageNotFoundError:
            return "0+not.installed"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_ROOMS, "__version__"])
