"""Sets the course up and runs its jobs: `python tasks.py demo`, `python tasks.py test`, ...

The first job makes the environment `.venv` from `requirements.lock`; nothing else is needed but
Python and a network. The Makefile calls this file. It uses the standard library alone and keeps
to the syntax of old Pythons, so that one of them can find a newer one or say what is missing.
"""

import contextlib
import glob
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.abspath(__file__))
LOCK = "requirements.lock"
COLAB = os.path.join("dcgan_lib", "assets", "colab-constraints.txt")
BIN = "Scripts" if os.name == "nt" else "bin"
STAMP = "made-from.txt"
# Tests spread over both workers one by one; those of one group stay together.
IN_PARALLEL = ["-n", "2", "--dist", "loadgroup"]


# The jobs. The first line of each docstring is its help text.


def demo():
    """Train on the package's digits: a GIF and a table of quality, in demo/; then demo-class."""
    dcgan = tool(environment(), "dcgan")
    for arguments in (["train", "--out", "demo"], ["animate", "demo"], ["evaluate", "demo"]):
        run([dcgan] + arguments)
    demo_class()


def demo_class():
    """Grade a small class: right, wrong, mangled, hanging and cheating, in demo/class/."""
    venv, folder, name = environment(), "demo/class", "05_losses"
    run([tool(venv, "python"), "scripts/sample_class.py", folder])
    for arguments in (
        ["collect", name, folder + "/submissions.zip", "--roster", folder + "/roster.csv"],
        ["grade", name, "--cell-seconds", "10"],
        ["feedback", name],
        ["marks", name],
        ["report", name],
    ):
        run([tool(venv, "dcgan-grader"), "--root", folder] + arguments)


def test():
    """Run all that CI runs: style, tests, source notebooks, quick tests in Colab's versions."""
    python = tool(environment(), "python")
    steps = [
        ("style", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("tests", ["pytest", "--cov", "--cov-report=term"] + IN_PARALLEL),
    ]
    if glob.glob(os.path.join(ROOT, "solutions", "*", "*.ipynb")):
        steps.append(("notebooks", ["pytest", "--nbmake", "solutions"] + IN_PARALLEL))
    failed = [name for name, command in steps if call([python, "-m"] + command) != 0]
    if call_in_colabs_versions("-m", "colab and not slow") != 0:
        failed.append("tests in Colab's versions")
    if failed:
        stop("failed: " + ", ".join(failed))


def test_slow():
    """Run the tests that take minutes and are left out of `test`."""
    return call([tool(environment(), "python"), "-m", "pytest", "-m", "slow"])


def test_colab():
    """Run the tests marked `colab` in Colab's versions, and all notebooks (10 minutes)."""
    failed = call_in_colabs_versions("-m", "colab and not slow")
    return failed or call_in_colabs_versions("-m", "slow", "tests/test_notebooks_in_colab.py")


def call_in_colabs_versions(*arguments):
    """Run tests in an environment with Colab's versions; return the exit code."""
    python = tool(colab_environment(), "python")
    return call([python, "-m", "pytest"] + list(arguments) + IN_PARALLEL)


def bench_grading():
    """Measure how many submissions an hour are graded, beside plain nbgrader."""
    run([tool(environment(), "python"), os.path.join("scripts", "bench_grading.py")])


def lab():
    """Open JupyterLab on the course's notebooks."""
    folder = os.path.join(ROOT, "course")
    if not os.path.isdir(folder):
        stop("there is no folder course/ beside tasks.py: clone the whole repository")
    command = [tool(environment(), "python"), "-m", "jupyterlab", "--notebook-dir", folder]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # In a container there is often only root.
        command.append("--allow-root")
    run(command)


def setup():
    """Make the environment .venv, or do nothing if it is complete."""
    environment()


def lock():
    """Write requirements.lock anew with the newest versions that pyproject.toml allows."""
    with tempfile.TemporaryDirectory() as folder:
        make_venv(folder, find_python())
        command = [tool(folder, "python"), "-m", "uv", "pip", "compile", "pyproject.toml"]
        command += ["--all-extras", "--universal", "--python-version", "3.%d" % python_range()[0]]
        command += ["--generate-hashes", "--upgrade", "--no-python-downloads", "--quiet"]
        command += ["--custom-compile-command", "make lock", "--output-file", LOCK]
        run(command)


JOBS = [demo, demo_class, test, test_slow, test_colab, bench_grading, lab, setup, lock]


# The environments.


def environment():
    """Return the folder .venv: exactly what the lock names, and the course, editable."""
    from_the_lock = ["--require-hashes", "-r", LOCK]
    # The build backend is in the lock, so nothing else is fetched.
    the_course = ["--no-deps", "--no-build-isolation", "-e", "."]
    return complete(".venv", [LOCK, "pyproject.toml"], [from_the_lock, the_course])


def colab_environment():
    """Return the folder .venv-colab: the course as Colab would install it, and pytest."""
    the_course = ["-c", COLAB, "-e", ".[test]"]
    return complete(".venv-colab", [COLAB, "pyproject.toml"], [the_course])


def complete(name, sources, installs):
    """Return the environment `name`, made afresh if it is missing, half made or out of date.

    The stamp is written last and removed first, so an interrupted set-up never counts.
    """
    folder = os.path.join(ROOT, name)
    stamp = os.path.join(folder, STAMP)
    with only_one_at_a_time(name):
        made_from, made_with = (read(stamp).split("\n") + [""])[:2]
        fits = made_from == fingerprint(sources) and os.path.exists(tool(folder, "python"))
        if fits and not os.environ.get("PYTHON"):
            return folder
        python = find_python()
        if fits and python == made_with:
            return folder
        if sys.platform == "darwin" and platform.machine() == "x86_64":
            stop("TensorFlow has no packages for Macs with an Intel processor: use Colab")
        say("Setting up %s with %s. This takes a few minutes, once." % (name, python))
        if os.path.exists(stamp):
            os.remove(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        make_venv(folder, python)
        for arguments in installs:
            install(tool(folder, "python"), arguments)
        with open(stamp + ".new", "w") as file:
            file.write("%s\n%s\n" % (fingerprint(sources), python))
        os.rename(stamp + ".new", stamp)
    return folder


def make_venv(folder, python):
    """Make a virtual environment with pip and, where it can be had, uv."""
    if call([python, "-m", "venv", folder]) != 0:
        stop(
            "%s could not make a virtual environment in %s (on Debian and Ubuntu: "
            "sudo apt install python3-venv)" % (python, folder)
        )
    # The lock's own lines for uv, with its hashes.
    lines = re.search(r"^uv==(.*\\\n)*.*\n", read(os.path.join(ROOT, LOCK)), re.MULTILINE)
    with tempfile.TemporaryDirectory() as scratch:
        requirement = os.path.join(scratch, "uv.txt")
        with open(requirement, "w") as file:
            file.write(lines.group())
        command = [tool(folder, "python"), "-m", "pip", "install", "--require-hashes"]
        call(command + ["--quiet", "--disable-pip-version-check", "-r", requirement])


def install(python, arguments):
    """Install with uv, or with pip, which takes several times longer, where uv fails."""
    if call([python, "-m", "uv", "pip", "install", "--python", python] + arguments) != 0:
        say("uv could not install this. pip tries again, which takes longer.")
        if call([python, "-m", "pip", "install"] + arguments) != 0:
            stop("the packages could not be installed: see the lines above; is there a network?")


def fingerprint(sources):
    """Return a hash of the files that an environment is made from, and of its place."""
    digest = hashlib.sha256(ROOT.encode())
    for source in sources:
        digest.update(read(os.path.join(ROOT, source)).encode())
    return digest.hexdigest()


@contextlib.contextmanager
def only_one_at_a_time(name):
    """Let a second job wait while the first sets up the same environment."""
    try:
        import fcntl
    except ImportError:  # Windows: two jobs started at once are not kept apart.
        yield
        return
    with open(os.path.join(ROOT, name + ".lock"), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Python, and other programs.


def python_range():
    """Return the smallest and the largest minor version of Python 3, from pyproject.toml."""
    bounds = re.search(
        r'^requires-python = ">=3\.(\d+),<3\.(\d+)"$',
        read(os.path.join(ROOT, "pyproject.toml")),
        re.MULTILINE,
    )
    return int(bounds.group(1)), int(bounds.group(2)) - 1


def find_python():
    """Return the path of a Python that fits: $PYTHON, this one, or one on the PATH."""
    first, last = python_range()
    asked = os.environ.get("PYTHON")
    if asked:
        candidates = [[asked]]
    else:
        minors = range(last, first - 1, -1)
        candidates = [[sys.executable]] + [["python3.%d" % minor] for minor in minors]
        if os.name == "nt":
            candidates += [["py", "-3.%d" % minor] for minor in minors]
    for command in candidates:
        version, path = identify(command)
        if (3, first) <= version <= (3, last):
            return path
    version, path = identify(candidates[0])
    found = "%s is Python %d.%d" % ((path,) + version) if path else "%s does not run" % asked
    stop(
        "the course needs Python 3.%d to 3.%d; %s. Install one of these, or name it: "
        "PYTHON=/path/to/python3.%d" % (first, last, found, last)
    )


def identify(command):
    """Return the version `(major, minor)` and the path of the Python that `command` starts."""
    code = "import sys; print('%d %d %s' % (sys.version_info[:2] + (sys.executable,)))"
    try:
        with open(os.devnull, "w") as nowhere:
            output = subprocess.check_output(command + ["-c", code], stderr=nowhere)
        major, minor, path = output.decode().strip().split(" ", 2)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return (0, 0), ""
    return (int(major), int(minor)), path


def tool(folder, name):
    """Return the path of a program of an environment."""
    return os.path.join(folder, BIN, name + (".exe" if os.name == "nt" else ""))


def call(command):
    """Run a program of an environment in the root folder; return its exit code."""
    say("$ " + " ".join([os.path.basename(command[0])] + command[1:]))
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    kept["PATH"] = os.path.dirname(command[0]) + os.pathsep + kept.get("PATH", "")
    kept.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    process = subprocess.Popen(command, cwd=ROOT, env=kept)
    interrupted = False
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:  # The program has had it too, and ends in its own way.
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return process.returncode


def run(command):
    """Run a program of an environment; end with its exit code if it fails."""
    code = call(command)
    if code != 0:
        sys.exit(code)


def read(path):
    """Return the text of a file, or nothing if there is no such file."""
    if not os.path.exists(path):
        return ""
    with io.open(path, encoding="utf-8") as file:
        return file.read()


def say(line):
    """Print one line, before what the next program prints."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def stop(message):
    """End with one line on stderr."""
    sys.exit("tasks.py: " + message)


def main(arguments):
    """Run the job that the command line names."""
    jobs = {job.__name__.replace("_", "-"): job for job in JOBS}
    if len(arguments) != 1 or arguments[0] not in jobs:
        say("usage: python tasks.py JOB, or make JOB\n")
        for name, job in jobs.items():
            say("  %-13s %s" % (name, job.__doc__.split("\n")[0]))
        return 0 if arguments in (["help"], ["-h"], ["--help"]) else 2
    if sys.version_info < (3, 6):
        return subprocess.call([find_python(), os.path.abspath(__file__)] + arguments)
    try:
        return jobs[arguments[0]]()
    except KeyboardInterrupt:
        stop("stopped")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
