"""What nbgrader's formgrader shows of a submission: nothing in it runs.

A page of formgrader has the rights of the instructor's JupyterLab: a script in it could run
programs and change marks. `nbgrader_config.py` names `Tame`.
"""

import re
from html import escape

from nbconvert.preprocessors import Preprocessor

from dcgan_grader.clean import clean
from dcgan_grader.feedback import SafeExporter


class Tame(Preprocessor):
    """Take out of a page what a browser would run; hidden tests stay."""

    def preprocess(self, nb, resources):
        """Tame a notebook, the exporter's Markdown, and the student's name."""
        self.parent.register_filter("markdown2html", SafeExporter().markdown2html)
        tame = clean(nb, {}, {}, whole=True)
        for old, new in zip(nb.cells, tame.cells, strict=True):
            data = old.metadata.get("nbgrader")
            # The page writes the name into its HTML as it is.
            if isinstance(data, dict) and re.fullmatch(r"[\w.-]+", str(data.get("grade_id"))):
                numbers = {key: one for key, one in data.items() if isinstance(one, int | float)}
                texts = {key: data[key] for key in ("grade_id", "comment") if data.get(key)}
                new.metadata["nbgrader"] = numbers | texts
        for name in ("student", "first_name", "last_name"):
            if resources.get(name):
                resources[name] = escape(resources[name])
        return tame, resources
