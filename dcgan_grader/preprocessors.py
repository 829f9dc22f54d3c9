"""Two steps that the release of a notebook adds to nbgrader's; `nbgrader_config.py` names them."""

import re

from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor
from traitlets import Unicode

from dcgan_grader.course import Course


class Stamp(NbGraderPreprocessor):
    """Write the repository's address and the version where the source says `{{word}}`."""

    root = Unicode(".", help="folder of the course").tag(config=True)

    def preprocess(self, nb, resources):
        """Stamp every cell.

        Raises:
            ValueError: if a `{{word}}` is unknown.
        """
        words = Course(self.root).stamps()

        def stamp(match):
            if match[1] not in words:
                raise ValueError(f"unknown {match[0]}; there are: {', '.join(words)}")
            return words[match[1]]

        for cell in nb.cells:
            cell.source = re.sub(r"\{\{(\w+)\}\}", stamp, cell.source)
        return nb, resources


class ClearAnswers(ClearSolutions):
    """Clear solutions; at the top level of a cell leave no stub.

    There stands the answer of a choice question, after a line that sets it to None: a stub that
    raised an error would hide the message "not answered yet".
    """

    def _replace_solution_region(self, cell, language):
        begin = f"### {self.begin_solution_delimeter}"
        top_level = any(line.startswith(begin) for line in cell.source.split("\n"))
        if cell.cell_type != "code" or not top_level:
            return super()._replace_solution_region(cell, language)
        stub, self.code_stub = self.code_stub, {language: ""}
        try:
            return super()._replace_solution_region(cell, language)
        finally:
            self.code_stub = stub
            cell.source = cell.source.rstrip()
