"""nbgrader's settings for this course; plain nbgrader commands read them too."""

from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader defines it)

ROOT = str(Path(__file__).parent)

c.CourseDirectory.root = ROOT
c.CourseDirectory.course_id = "dcgan"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"

c.GenerateAssignment.preprocessors = [
    "dcgan_grader.preprocessors.Stamp",
    "nbgrader.preprocessors.LockCells",
    "dcgan_grader.preprocessors.ClearAnswers",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Stamp.root = ROOT
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write this function")'}
c.ClearAnswers.code_stub = c.ClearSolutions.code_stub

# nbgrader gives 0 to a cell that writes to stderr, even for a warning or a progress bar.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."

# Seconds per cell: the slowest check takes a few, and TensorFlow's import up to 15 on a busy
# machine.
c.ExecutePreprocessor.timeout = 180
c.ExecutePreprocessor.error_on_timeout = {
    "ename": "Timeout",
    "evalue": "this cell took longer than 180 seconds",
    "traceback": [],
}

# Formgrader shows students' HTML in pages that have your rights; what could run is taken out.
c.HTMLExporter.preprocessors = ["dcgan_grader.formgrader.Tame"]
