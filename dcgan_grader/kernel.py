"""The kernel in which a notebook is graded: IPython's, with a guard, and without programs."""

import builtins
import json
import os
import random
import sys

from dcgan_grader import colab_stub
from dcgan_grader.guard import Guard, Reporter

# As in `guard`.
__builtins__ = dict(vars(builtins))


def prepare(connection, path, report, folders):
    """Set a kernel up in this process.

    Args:
        connection: dict, Jupyter's connection information.
        path: where to write it.
        report: file descriptor for reports.
        folders: folders of trusted code.

    Returns:
        A function that runs the kernel, and returns when it ends.
    """
    import numpy.testing  # noqa: F401 (loaded late, it would not be among what must not change)
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelapp import IPKernelApp

    with open(path, "w") as file:
        json.dump(connection, file)
    os.chmod(path, 0o600)
    reporter = Reporter(report)
    guard = Guard(reporter, folders)

    class GradingKernel(IPythonKernel):
        """IPython's kernel, and one more message: the grader's."""

        def __init__(self, **options):
            super().__init__(**options)
            self.shell_handlers["grading_request"] = self._grading

        async def _grading(self, stream, ident, parent):
            # A student's code can read the message that is being answered.
            content, answer = dict(parent["content"]), {}
            parent["content"].clear()
            try:
                if content["do"] == "mark":
                    carriers = (self, self.session, self.shell)
                    names, exercises = content["names"], content["exercises"]
                    guard.mark(self.shell.user_ns, names, exercises, content["key"], carriers)
                elif content["do"] == "compare":
                    guard.compare(self.shell.user_ns)
                elif content["do"] == "test":
                    answer = guard.test(content["source"], self.shell.user_ns, content["is_last"])
            except BaseException as error:  # Without an answer the grader would wait.
                answer = {"failed": f"{type(error).__name__}: {error}"}
            self.session.send(stream, "grading_reply", answer, parent, ident=ident)

    random.seed()
    app = IPKernelApp.instance(kernel_class=GradingKernel)
    app.initialize(["-f", path, "--HistoryManager.hist_file=:memory:", "--log-level=50"])
    colab_stub.install()
    for magic in ("pip", "conda", "uv"):
        app.shell.register_magic_function(_nothing_to_install, "line", magic)
    # There is no terminal here: `!pip install x` must not end the cell of an answer.
    app.shell.system = _nothing_to_run
    app.shell.getoutput = _nothing_came
    # What a notebook writes beside itself must not come before what is installed.
    sys.path[:] = [folder for folder in sys.path if folder not in ("", os.getcwd())]
    sys.path.append(os.getcwd())
    app.shell.ask_exit = lambda: None  # `exit()` in one cell must not end the others.
    # A student's code finds no module of the grader.
    for name in [name for name in sys.modules if name.split(".")[0] == "dcgan_grader"]:
        del sys.modules[name]
    guard.start()
    return app.start


def _nothing_to_install(line):
    print("Nothing is installed while a notebook is graded.")


def _nothing_to_run(command):
    print("No other program is run while a notebook is graded.")


def _nothing_came(command, *arguments, **options):
    from IPython.utils.text import SList

    _nothing_to_run(command)
    return SList()
