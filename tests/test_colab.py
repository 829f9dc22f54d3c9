"""Installing the core in Colab changes none of Colab's packages."""

import sys
import tomllib
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts import refresh_colab_constraints as colab

CORE = colab.core_requirements()
PINS = colab.parse_pins(colab.KEPT.read_text())


def resolve(requirements, pins=PINS):
    pytest.importorskip("uv")
    try:
        return colab.resolve(requirements, pins)
    except colab.Unreachable as error:
        pytest.skip(f"the package index cannot be reached: {str(error).splitlines()[0]}")


def changes(chosen, pins=PINS):
    """What an installation would add to Colab, or hold at another version."""
    return {n: v for n, v in chosen.items() if pins.get(n) != v and n not in colab.NOT_IN_COLAB}


@pytest.mark.parametrize("line", CORE)
def test_colab_has_what_the_core_needs(line):
    needed = Requirement(line)
    assert needed.specifier.contains(PINS[needed.name])


@pytest.mark.network
def test_installing_the_core_changes_nothing():
    assert changes(resolve(CORE)) == {}


@pytest.mark.network
def test_only_what_is_needed_is_kept():
    chosen = resolve([*CORE, "pytest"])
    assert chosen.keys() - colab.NOT_IN_COLAB == PINS.keys()


@pytest.mark.network
@pytest.mark.parametrize("bound", ["ipywidgets>=8", "tensorflow>=2.21", "keras>=3.14"])
def test_bound_above_colab_is_refused(bound):
    with pytest.raises(colab.Unsatisfiable, match=Requirement(bound).name):
        resolve([*CORE, bound])


@pytest.mark.network
def test_package_that_colab_has_not_is_seen():
    assert "nbmake" in changes(resolve([*CORE, "nbmake"], PINS | {"pydantic": "2.13.4"}))


def test_silent_index_is_told_from_refused_bounds(monkeypatch, tmp_path):
    pytest.importorskip("uv")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path))
    with pytest.raises(colab.Unreachable):
        colab.resolve(["numpy"], {})


def test_refresh_keeps_only_what_is_needed(monkeypatch, tmp_path):
    full = tmp_path / "pip-freeze.txt"
    full.write_text(
        "Foo_Bar==1.0\nunused==2\ntorch @ https://example.com/x.whl\n-e x\nbaz==3+cpu\n"
    )
    kept = tmp_path / "kept.txt"
    monkeypatch.setattr(colab, "ROOT", tmp_path)
    monkeypatch.setattr(colab, "KEPT", kept)
    monkeypatch.setattr(colab, "core_requirements", lambda: ["foo-bar"])

    def run(chosen):
        monkeypatch.setattr(colab, "resolve", lambda wanted, pins: chosen)
        monkeypatch.setattr(sys, "argv", ["refresh", str(full), "--date", "May 2031"])
        colab.main()

    run({"foo-bar": "1.0", "baz": "3+cpu", "jedi": "0.2"})
    text = kept.read_text()
    assert colab.parse_pins(text) == {"baz": "3+cpu", "foo-bar": "1.0"}
    assert "May 2031" in text
    with pytest.raises(SystemExit, match="Colab has no quux"):
        run({"foo-bar": "1.0", "quux": "1"})
    assert kept.read_text() == text


@pytest.mark.colab
@pytest.mark.skipif(Path(sys.prefix).name != ".venv-colab", reason="for make test-colab")
def test_this_environment_has_colabs_versions():
    here = {d.name: d.version for d in distributions()}
    here = colab.parse_pins("\n".join(f"{name}=={version}" for name, version in here.items()))
    assert {name: here.get(name) for name in PINS} == PINS
    assert find_spec("nbgrader") is None


def test_python_of_colab_is_supported():
    pyproject = tomllib.loads((colab.ROOT / "pyproject.toml").read_text())
    supported = Requirement(f"python{pyproject['project']['requires-python']}").specifier
    assert f"{colab.COLAB_PYTHON}.1" in supported
