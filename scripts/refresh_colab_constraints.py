"""Keep the part of Colab's package list which the course needs.

    python scripts/refresh_colab_constraints.py pip-freeze.txt --date 2026-08-31

Colab publishes the list of its packages in the GitHub repository `googlecolab/backend-info`, file
`pip-freeze.txt`. The command takes such a list (a file or a URL) and writes those of its lines
that the core of the course, and pytest, pull in on Colab's Python:
`dcgan_lib/assets/colab-constraints.txt`.
"""

import argparse
import datetime
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "dcgan_lib" / "assets" / "colab-constraints.txt"
COLAB_PYTHON = "3.13"

# Colab takes this package out of its own runtime, although IPython asks for it. An installation
# that asks for all dependencies adds it, and changes no other package.
NOT_IN_COLAB = {"jedi"}


class Unsatisfiable(Exception):
    """No set of versions fits the requirements and the constraints."""


class Unreachable(Exception):
    """The package index did not answer."""


def core_requirements():
    """Return what the course itself needs, from pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def resolve(requirements, pins):
    """Return the versions that an installation on Colab's Python, on Linux, would choose.

    Args:
        requirements: List of requirements, as in pyproject.toml.
        pins: Dictionary of package names and the versions that they are held to.

    Returns:
        Dictionary of normalised package names and versions.

    Raises:
        Unsatisfiable: If no set of versions fits.
        Unreachable: If the package index cannot be asked.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted, constraints = Path(folder, "wanted.txt"), Path(folder, "constraints.txt")
        wanted.write_text("\n".join(requirements))
        constraints.write_text("\n".join(f"{name}=={pin}" for name, pin in pins.items()))
        command = [sys.executable, "-m", "uv", "pip", "compile", str(wanted)]
        command += ["--constraints", str(constraints), "--python-version", COLAB_PYTHON]
        command += ["--python-platform", "linux", "--python", sys.executable]
        command += ["--no-header", "--no-annotate", "--no-python-downloads", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True)
    if "No solution found" in done.stderr:
        raise Unsatisfiable(done.stderr)
    if "Failed to fetch" in done.stderr or "error sending request" in done.stderr:
        raise Unreachable(done.stderr)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return parse_pins(done.stdout)


def parse_pins(text):
    """Return the lines `name==version` of a package list as a dictionary, names normalised."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins}


def main():
    """Write the kept part of the list that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("list", help="Colab's full list: a file or a URL")
    parser.add_argument(
        "--date",
        default=datetime.date.today().isoformat(),
        help="the date of the list (default: today)",
    )
    arguments = parser.parse_args()
    if re.match(r"https?://", arguments.list):
        with urllib.request.urlopen(arguments.list) as answer:
            colab = parse_pins(answer.read().decode())
    else:
        colab = parse_pins(Path(arguments.list).read_text())
    needed = resolve([*core_requirements(), "pytest"], colab)
    missing = needed.keys() - colab.keys() - NOT_IN_COLAB
    if missing:
        sys.exit(f"Colab has no {', '.join(sorted(missing))}: the core must do without")
    lines = [
        "# What Google Colab has of the packages that the core of the course, and pytest, need.",
        "# Source: Colab's published package list (GitHub: googlecolab/backend-info,",
        f"# pip-freeze.txt), {arguments.date}; Python {COLAB_PYTHON}.",
        "# Made by scripts/refresh_colab_constraints.py.",
    ]
    lines += [f"{name}=={version}" for name, version in sorted(needed.items()) if name in colab]
    KEPT.write_text("\n".join(lines) + "\n")
    print(f"{KEPT.relative_to(ROOT)}: {len(lines) - 4} packages")


if __name__ == "__main__":
    main()
