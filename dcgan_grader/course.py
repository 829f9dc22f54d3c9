"""The course on disk: where its folders are, and what is stamped into its notebooks."""

import tomllib
from pathlib import Path

SOURCE, RELEASE, CONFIG = "solutions", "course", "nbgrader_config.py"


class Course:
    """The folder of the course.

    Args:
        root: folder with `pyproject.toml`, `nbgrader_config.py` and `solutions/`.

    Raises:
        ValueError: if it is not such a folder.
    """

    def __init__(self, root="."):
        self.root = Path(root).resolve()
        missing = [n for n in (CONFIG, SOURCE, "pyproject.toml") if not (self.root / n).exists()]
        if missing:
            raise ValueError(
                f"{self.root} is not the folder of the course: {', '.join(missing)} missing; "
                "go there, or name it with --root"
            )
        project = tomllib.loads((self.root / "pyproject.toml").read_text())["project"]
        self.version = project["version"]
        self.repository = project["urls"]["Repository"].rstrip("/")

    @property
    def names(self):
        """Names of the notebooks, in order, such as "03_generator"."""
        return sorted(p.parent.name for p in (self.root / SOURCE).glob("*/*.ipynb"))

    def notebook(self, folder, name):
        """Path of a notebook, e.g. `notebook(SOURCE, "03_generator")`."""
        return self.root / folder / name / f"{name}.ipynb"

    def stamps(self):
        """What stands for each `{{word}}` in a source notebook.

        Returns:
            dict of str. The repository's address and the version stand in `pyproject.toml` alone.
        """
        slug = self.repository.split("github.com/")[-1]
        return {
            "repository": self.repository,
            "version": self.version,
            "archive": f"{self.repository}/archive/refs/tags/v{self.version}.zip",
            "raw": f"https://raw.githubusercontent.com/{slug}/v{self.version}",
            "colab": f"https://colab.research.google.com/github/{slug}/blob/v{self.version}",
            "tree": f"{self.repository}/blob/v{self.version}",
        }
