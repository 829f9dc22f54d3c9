"""What holds pyproject.toml, the lock, the conda form, CI and the wheel together."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ["3.11", "3.12", "3.13"]


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a git clone")
    return done.stdout.splitlines()


def project_files(*patterns):
    """Tracked files, and new ones that are not ignored."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns)
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


def all_requirements(*extras):
    lines = list(PROJECT["dependencies"])
    for extra in extras or EXTRAS:
        lines += EXTRAS[extra]
    found = [Requirement(line) for line in lines]
    return [one for one in found if one.name != PROJECT["name"]]  # One extra may name another.


# The lock.


def lock_entries(text):
    """The lock as a list of (requirement, number of hashes)."""
    blocks = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return [(Requirement(b.split(" \\")[0]), b.count("--hash=sha256:")) for b in blocks]


def faults_of_lock(requirements, entries, python):
    """What a lock does not give to these requirements on one Python, on Linux."""
    here = {
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": "linux",
        "os_name": "posix",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
    }
    versions = {}
    for entry, _ in entries:
        if entry.marker is None or entry.marker.evaluate(here):
            versions.setdefault(canonicalize_name(entry.name), []).append(entry.specifier)
    faults = []
    for wanted in requirements:
        found = versions.get(canonicalize_name(wanted.name), [])
        if len(found) != 1:
            faults.append(f"{wanted.name}: {len(found)} times in the lock")
        elif not wanted.specifier.contains(str(found[0]).removeprefix("==")):
            faults.append(f"{wanted}: the lock has {found[0]}")
    return faults


LOCK = (ROOT / "requirements.lock").read_text()


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_satisfies_pyproject(python):
    backend = [Requirement(line) for line in PYPROJECT["build-system"]["requires"]]
    assert faults_of_lock(all_requirements() + backend, lock_entries(LOCK), python) == []


@pytest.mark.parametrize("wanted", ["tensorflow>=99", "no-such-package>=1"])
def test_lock_faults_are_seen(wanted):
    [fault] = faults_of_lock([Requirement(wanted)], lock_entries(LOCK), "3.12")
    assert fault.startswith(Requirement(wanted).name)


def test_lock_holds_hashes_and_no_options():
    entries = lock_entries(LOCK)
    assert len(entries) > 100
    assert [str(entry) for entry, hashes in entries if hashes == 0] == []
    assert re.findall(r"^-.*", LOCK, re.MULTILINE) == []


def test_python_range_is_the_one_that_is_tested():
    fits = SpecifierSet(PROJECT["requires-python"])
    assert [v for v in ("3.10", *PYTHONS, "3.14") if f"{v}.1" in fits] == PYTHONS


# The conda form.


def test_environment_yml_agrees_with_pyproject():
    yaml = pytest.importorskip("yaml")
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    [from_pip] = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    conda = [Requirement(d) for d in environment["dependencies"] if isinstance(d, str)]
    editable = [line for line in from_pip if line.startswith("-e ")]
    named = conda + [Requirement(line) for line in from_pip if line not in editable]

    bounds = {r.name: r.specifier for r in named}
    assert bounds.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert bounds.pop("pip") == SpecifierSet()
    ours = {r.name: r.specifier for r in all_requirements("lab", "grading")}
    assert bounds == {name: ours.get(name) for name in bounds}
    assert bounds.keys() >= {
        *("tensorflow", "jupyterlab", "matplotlib", "nbgrader", "ipywidgets", "imageio")
    }
    [editable] = editable
    extras = re.fullmatch(r"-e \.\[(.*)\]", editable).group(1)
    assert set(extras.split(",")) >= {"lab", "grading", "dev"}
    assert set(extras.split(",")) <= EXTRAS.keys()


# CI, the Makefile, the README.


def workflow(name):
    yaml = pytest.importorskip("yaml")
    text = (ROOT / ".github" / "workflows" / name).read_text()
    return yaml.safe_load(text), text


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_ci_runs_the_command_of_the_readme():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    lines = [ln for ln in script.read_text().splitlines() if ln and not ln.startswith("#")]
    assert lines[-1] == "exec make test"
    assert "test" in re.search(r"^JOBS := (.*)", (ROOT / "Makefile").read_text(), re.M)[1].split()
    assert re.search(r"^make test$|`make test`", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_workflow_runs_the_same_and_colab():
    jobs = workflow("test.yml")[0]["jobs"]
    assert commands(jobs["test"]) == ["make test"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == [PYTHONS[0], PYTHONS[-1]]
    assert commands(jobs["colab"]) == ["make test-colab"]
    assert [s["with"] for s in jobs["colab"]["steps"] if "with" in s] == [
        {"python-version": "3.13"}
    ]


def test_weekly_workflow_renews_the_lock_first():
    parsed, _ = workflow("weekly.yml")
    # YAML 1.1 reads the key `on` as true.
    assert parsed[True]["schedule"][0]["cron"]
    [job] = parsed["jobs"].values()
    assert commands(job)[0] == "make lock"
    assert commands(job)[-2:] == ["make test", "make test-slow"]


@pytest.mark.parametrize("name", ["test.yml", "weekly.yml"])
def test_workflows_ask_for_little(name):
    parsed, text = workflow(name)
    assert parsed["permissions"] == {"contents": "read"}
    actions = re.findall(r"uses: (.*)", text)
    assert actions
    assert [a for a in actions if not re.fullmatch(r"actions/[a-z-]+@v\d+", a)] == []


# What the files may hold.

# In parts, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            r"pythonhosted\." + "org",
            r"anaconda\." + "org",
            r"npmjs\." + "(?:org|com)",
            "extra-index" + "-url",
            "find-" + "links",
            r"(?<![\w.~-])/(?:work|root|opt)" + "/",
            r"\.\./" + "shared",
        ]
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://pypi." + "org/simple",
        'open("/' + 'work/main/x")',
        "see ../" + "shared/design.md",
    ],
)
def test_forbidden_text_is_seen(text):
    assert FORBIDDEN.search(text)


def test_files_name_no_registry_and_no_place_of_this_machine():
    found = []
    for path in project_files():
        data = path.read_bytes()
        if b"\0" not in data:
            hits = sorted(set(FORBIDDEN.findall(data.decode("utf-8"))))
            found += [f"{path.relative_to(ROOT)}: {hit}" for hit in hits]
    assert found == []


def left_in(notebook):
    """The cells of a notebook that hold an output or an execution count."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    return [n for n, c in enumerate(cells, 1) if c["outputs"] or c["execution_count"] is not None]


def test_outputs_are_seen():
    clean = {"cell_type": "code", "outputs": [], "execution_count": None}
    run = {**clean, "execution_count": 1}
    printed = {**clean, "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}
    assert left_in({"cells": [clean, {"cell_type": "markdown"}, run, printed]}) == [2, 3]


def test_notebooks_are_committed_without_outputs():
    notebooks = {p.relative_to(ROOT): json.loads(p.read_text()) for p in project_files("*.ipynb")}
    assert {str(name): left_in(nb) for name, nb in notebooks.items() if left_in(nb)} == {}


# What the packages import.

MODULES = {"PIL": "pillow", "IPython": "ipython", "dateutil": "python-dateutil"}
# Used only where they are there: Colab's own package, and TensorBoard's callback.
OPTIONAL = {"google", "tensorboard"}
ONLY_WHERE_NEEDED = {"matplotlib", "imageio", "PIL", "scipy", "ipywidgets", "IPython"}


def imported(source, everywhere=True):
    """The top names of what Python source imports, anywhere or when it is itself imported."""
    tree = ast.parse(source)
    if everywhere:
        nodes = list(ast.walk(tree))
    else:
        nodes, waiting = [], [tree]
        while waiting:
            node = waiting.pop()
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                nodes.append(node)
                waiting += ast.iter_child_nodes(node)
    names = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    names |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.level == 0}
    return {name.split(".")[0] for name in names}


def test_imports_are_seen():
    source = "import a.b\nclass C:\n    from d import e\n    def f(self):\n        import g\n"
    assert imported(source) == {"a", "d", "g"}
    assert imported(source, everywhere=False) == {"a", "d"}


def modules_of(package):
    return {p: p.read_text() for p in sorted((ROOT / package).rglob("*.py"))}


@pytest.mark.parametrize(
    ("package", "other", "extras"),
    [("dcgan_lib", "dcgan_grader", ()), ("dcgan_grader", "dcgan_lib", ("grading", "cluster"))],
)
def test_packages_import_only_what_they_declare(package, other, extras):
    lines = PROJECT["dependencies"] + [line for extra in extras for line in EXTRAS[extra]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    for path, source in modules_of(package).items():
        names = imported(source) - set(sys.stdlib_module_names) - OPTIONAL - {package}
        assert other not in names, path
        undeclared = {n for n in names if canonicalize_name(MODULES.get(n, n)) not in declared}
        assert undeclared == set(), path


def test_rooms_import_figures_and_widgets_only_where_needed():
    modules = modules_of("dcgan_lib")
    early = {p.name: imported(s, everywhere=False) & ONLY_WHERE_NEEDED for p, s in modules.items()}
    assert {name: found for name, found in early.items() if found} == {}


def test_importing_the_library_is_quiet_and_light():
    heavy = sorted(ONLY_WHERE_NEEDED | {"tensorflow", "keras", "numpy"})
    code = f"import sys, dcgan_lib; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


# The distribution.


def test_version_stands_in_pyproject_alone():
    import dcgan_lib

    try:
        installed = version("dcgan-course")
    except PackageNotFoundError:
        pytest.skip("dcgan-course is not installed here")
    assert dcgan_lib.__version__ == installed == PROJECT["version"]


def test_wheel_holds_both_packages_with_their_data(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("dcgan_course-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    packed = {name for name in names if ".dist-info/" not in name}
    ours = {str(p.relative_to(ROOT)) for p in project_files("dcgan_lib", "dcgan_grader")}
    assert packed == ours
    assert "dcgan_lib/assets/digits.npz" in packed
    assert {Path(n).name for n in names if ".dist-info/licenses/" in n} == {
        *("LICENSE", "LICENSE-text")
    }
