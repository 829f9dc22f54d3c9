"""From `solutions/` to `course/`: generated beside, checked, then swapped."""

import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

from dcgan_grader.course import CONFIG, RELEASE, SOURCE, Course

MARKS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


class ReleaseError(ValueError):
    """A notebook cannot be released; the message says why. `course/` is as it was."""


def release(root=".", names=(), check=False):
    """Generate the students' notebooks.

    They are generated into a temporary folder and checked there. Only when all are right do they
    replace those in `course/`.

    Args:
        root: folder of the course.
        names: notebooks to release; all when empty.
        check: only compare `course/` with a fresh release; write nothing.

    Returns:
        The names of the notebooks that changed (or would change).

    Raises:
        ReleaseError: if nbgrader fails, or a notebook would leak a solution, a hidden test or
            an output.
        ValueError: if there is no such notebook.
    """
    course = Course(root)
    unknown = sorted(set(names) - set(course.names))
    if unknown:
        raise ValueError(f"no notebook {', '.join(unknown)}; there are: {', '.join(course.names)}")
    names = sorted(names) or course.names
    # Beside `course/`, so that the swap is a rename on one file system.
    with tempfile.TemporaryDirectory(prefix=".release-", dir=course.root) as temporary:
        fresh = Path(temporary)
        for name in names:
            # A gradebook of its own: a release that fails must leave no trace in the real one.
            _generate(course, name, fresh, gradebook=fresh / "gradebook.db")
            find_leaks(course.notebook(SOURCE, name), fresh / name / f"{name}.ipynb")
        changed = [name for name in names if not _same(fresh / name, course.root / RELEASE / name)]
        if not check:
            for name in changed:
                _swap(fresh / name, course.root / RELEASE / name, fresh)
            remember(course, names)
    return changed


def bundle(root, path):
    """Zip the released notebooks for students.

    Args:
        root: folder of the course.
        path: the `.zip` file to write.

    Returns:
        The path.

    Raises:
        ReleaseError: if a notebook has not been released, or the file cannot be written.
    """
    course = Course(root)
    path = Path(path)
    missing = [name for name in course.names if not course.notebook(RELEASE, name).exists()]
    if missing:
        raise ReleaseError(f"not released yet: {', '.join(missing)}")
    temporary = path.with_name(f".{path.name}")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in course.names:
                for file in sorted((course.root / RELEASE / name).rglob("[!.]*")):
                    inside = file.relative_to(course.root)
                    if file.is_file() and not any(part.startswith(".") for part in inside.parts):
                        archive.write(file, inside)
        temporary.replace(path)
    except OSError as error:
        raise ReleaseError(f"{path} cannot be written: {error.strerror}") from None
    return path


def find_leaks(source, released):
    """Check a released notebook against its source.

    Args:
        source: path of the instructors' notebook.
        released: path of the students' notebook.

    Raises:
        ReleaseError: if the released notebook is not valid, or holds a solution, a hidden test,
            an output or an unstamped word.
    """
    notebook = nbformat.read(released, as_version=nbformat.NO_CONVERT)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise ReleaseError(f"{released.name} is not a valid notebook: {error}") from error
    secrets = list(_secrets(nbformat.read(source, as_version=nbformat.NO_CONVERT)))
    for cell in notebook.cells:
        where = f"{released.name}, cell {cell.get('id')}"
        for mark in MARKS:
            if f"### BEGIN {mark}" in cell.source:
                raise ReleaseError(f"{where}: ### BEGIN {mark} is still there")
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            raise ReleaseError(f"{where}: has an output or an execution count")
        if "{{" in cell.source:
            raise ReleaseError(f"{where}: holds an unstamped {{{{word}}}}")
        for secret in secrets:
            if secret in cell.source:
                raise ReleaseError(f"{where}: holds this part of a solution or test:\n{secret}")


def _secrets(notebook):
    """Every hidden region of a notebook, as text."""
    for cell in notebook.cells:
        region = None
        for line in cell.source.split("\n"):
            text = line.strip()
            if any(text == f"### BEGIN {mark}" for mark in MARKS):
                region = []
            elif any(text == f"### END {mark}" for mark in MARKS):
                secret = "\n".join(region).strip()
                region = None
                if secret:
                    yield secret
            elif region is not None:
                region.append(line)
        if region is not None:
            raise ReleaseError(f"cell {cell.get('id')}: a ### BEGIN has no ### END")


def _generate(course, name, folder, gradebook=None):
    """Run nbgrader's generate_assignment into a folder."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    find_programs()
    config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.release_directory = str(folder)
    if gradebook is not None:
        config.CourseDirectory.db_url = f"sqlite:///{gradebook}"
    result = NbGraderAPI(config=config).generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise ReleaseError(
            f"nbgrader could not release {name}:\n{result['error'] or result['log']}"
        )


def find_programs():
    """Let nbgrader, which starts `alembic` by name, find it without an activated environment."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + os.environ["PATH"]


def remember(course, names):
    """Tell the course's gradebook about the notebooks, as `nbgrader generate_assignment` does.

    Args:
        course: the `Course`.
        names: list of str.

    Raises:
        ReleaseError: if nbgrader fails.
        GradebookError: if the gradebook's database cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix=".release-", dir=course.root) as temporary:
        for name in names:
            for tries_left in (2, 1, 0):
                try:
                    _remember(course, name, temporary)
                    break
                except ValueError as error:
                    # Another machine may be telling it the same at the same time.
                    if not (tries_left and "unique constraint" in str(error).lower()):
                        raise


def _remember(course, name, temporary):
    from dcgan_grader.gradebook import opened

    with opened(course):
        pass  # nbgrader would say the same in a hundred lines.
    _generate(course, name, temporary)


def _same(fresh, released):
    def files(folder):
        return {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts
        }

    return released.is_dir() and files(fresh) == files(released)


def _swap(fresh, released, trash):
    released.parent.mkdir(exist_ok=True)
    if released.exists():
        released.rename(trash / f"{released.name}.old")
    shutil.move(fresh, released)
