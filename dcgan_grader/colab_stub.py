"""A stand-in for `google.colab`, which exists in Colab alone: everything works and does nothing."""

import importlib.machinery
import importlib.util
import sys
import types

MODULES = ("files", "drive", "output", "userdata", "auth", "widgets", "patches", "data_table")


class _Finder:
    """Makes `google.colab` and its modules when they are imported, not before."""

    def find_spec(self, name, path=None, target=None):
        if name == "google" and importlib.machinery.PathFinder.find_spec(name) is None:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        if name == "google.colab" or name.startswith("google.colab."):
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Stub(spec.name)

    def exec_module(self, module):
        if module.__name__ == "google.colab":
            for name in MODULES:
                setattr(module, name, _Stub(f"google.colab.{name}"))


class _Stub(types.ModuleType):
    """A module in which every name is a function that returns an empty dict."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments, **options: {}


def install():
    """Let `import google.colab` succeed in this process."""
    sys.meta_path.append(_Finder())
