"""nbgrader's settings and gradebook of a course."""

import contextlib
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

from dcgan_grader.course import CONFIG


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
    """
    folder = directory(course)
    url = folder.db_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield None
        return
    with Gradebook(url, folder.course_id) as gradebook:
        yield gradebook
