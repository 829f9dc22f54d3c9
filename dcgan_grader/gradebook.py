"""nbgrader's settings and gradebook of a course."""

import contextlib
import functools
from pathlib import Path

import nbgrader.api
import sqlalchemy.exc
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

from dcgan_grader.course import CONFIG, Course


class GradebookError(ValueError):
    """The gradebook cannot be read or written; the message says why."""


def settings(course):
    """Read `nbgrader_config.py`.

    Args:
        course: the `Course`.

    Returns:
        A traitlets `Config`, with the folder of the course.
    """
    config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.root)
    return config


def directory(course):
    """Give nbgrader's `CourseDirectory` of a course: its folders and the gradebook's URL."""
    return CourseDirectory(config=settings(course))


@contextlib.contextmanager
def opened(course):
    """Open the gradebook.

    Args:
        course: the `Course`.

    Yields:
        An nbgrader `Gradebook`; None if there is none yet.

    Raises:
        GradebookError: if its database cannot be reached.
    """
    folder = directory(course)
    url = folder.db_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield None
        return
    with told_plainly(), Gradebook(url, folder.course_id) as gradebook:
        yield gradebook


def end_review(root, name, students):
    """Take away the flags by which `grade` asks somebody to look; the points stay.

    Args:
        root: folder of the course.
        name: name of the notebook.
        students: ids.

    Raises:
        GradebookError: if one of them has no grade of this notebook; then no flag is taken away.
    """
    with opened(Course(root)) as gradebook:
        if gradebook is None:
            raise GradebookError(f"nothing is graded yet; run: dcgan-grader grade {name}")
        try:
            for student in students:
                gradebook.find_submission_notebook(name, name, student).flagged = False
        except nbgrader.api.MissingEntry:
            gradebook.db.rollback()
            raise GradebookError(
                f"no grade of {name} for {student}; no flag was taken away"
            ) from None
        gradebook.db.commit()


@contextlib.contextmanager
def one_engine():
    """Let all gradebooks that are opened meanwhile share what SQLAlchemy knows of a database.

    nbgrader opens the gradebook several times for each submission, each time with a new engine,
    which would compile each statement anew: that takes longer than the work itself.
    """
    make = nbgrader.api.create_engine
    nbgrader.api.create_engine = functools.cache(make)
    try:
        yield
    finally:
        nbgrader.api.create_engine = make


@contextlib.contextmanager
def told_plainly():
    """Turn the errors of a database into one that an instructor can read."""
    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        raise GradebookError(f"the gradebook fails: {reason(error)}") from None
    except sqlalchemy.exc.ArgumentError as error:
        raise GradebookError(f"{CONFIG}, CourseDirectory.db_url: {error}") from None
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("psycopg"):
            raise
        raise GradebookError("PostgreSQL needs: pip install 'dcgan-course[postgres]'") from None


def reason(error):
    """The first line of what a database says."""
    return str(getattr(error, "orig", error)).strip().split("\n")[0]
