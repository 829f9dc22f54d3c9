"""The process that imports the heavy packages once, and forks for each submission.

A kernel is ready within a second instead of fifteen. What the child does cannot touch the parent:
it has its own memory, and a sandbox around it.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import NamedTuple

from dcgan_grader import kernel, sandbox

# Imported at first use by almost every kernel; whatever is not installed is passed over.
_USUAL = """
ipykernel.kernelapp ipykernel.debugger IPython IPython.core.completerlib IPython.core.debugger
IPython.core.logger IPython.core.oinspect IPython.extensions.storemagic sqlite3
tornado.platform.asyncio ipywidgets matplotlib.pyplot PIL.Image
"""
USUAL = tuple(_USUAL.split())
COURSE = "dcgan_lib"  # the package that the notebooks teach and test with
KERNELS_PER_SERVER = 100
DOOR, LOG = "door", "log"  # in its folder
ENDED = "the process that starts the kernels has ended: "
PATIENCE = 5  # seconds that a server has to end
IMPORTING, FORKING = 600, 120  # seconds; TensorFlow's import takes 15 on a busy machine


class Started(NamedTuple):
    """A fork server that has been started, and may still import; whoever comes first has it."""

    home: str  # its folder
    pid: int


class Process:
    """The starter's end. The server ends with this process, until someone has it.

    Args:
        modules: names of modules to import before the first fork.
        unsafe: where there is no sandbox, run students' code with the rights of the caller.
        limits: `sandbox.Limits`.

    Attributes:
        started: `Started`.
    """

    def __init__(self, modules=(), unsafe=False, limits=None):
        # Short, for the name of a socket may have 107 bytes; nobody else may enter.
        home = tempfile.mkdtemp(prefix="dg-", dir="/tmp")
        options = {"modules": list(modules), "unsafe": unsafe, "home": home}
        options["limits"] = limits or sandbox.Limits()
        package = str(Path(__file__).parent.parent)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": os.pathsep.join([package, *os.environ.get("PYTHONPATH", "").split(":")]),
            "HOME": home,
            "LANG": "C.UTF-8",
            "CUDA_VISIBLE_DEVICES": "-1",  # A GPU cannot be shared by forks.
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONHASHSEED": "0",
            # The other processors have submissions of their own.
            "OMP_NUM_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
        }
        with (
            socket.socket(socket.AF_UNIX) as listener,
            open(f"{home}/{LOG}", "wb") as log,
        ):
            listener.bind(f"{home}/{DOOR}")
            listener.listen(1)
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(listener.fileno()), json.dumps(options)],
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment,
            )
        self.started = Started(home, self._process.pid)

    def close(self):
        """End it, if nobody has it; otherwise wait until it is ended."""
        self._process.stdin.close()
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.started.home, ignore_errors=True)


class ForkServer:
    """The end of the one who lets it fork.

    Args:
        modules, unsafe, limits: see `Process`.
        started: `Started` servers of this kind; the first that nobody has is taken, and another
            one is started when there is none.

    Raises:
        SandboxError: if there is no sandbox, without `unsafe`.
        RuntimeError: if it does not start.
    """

    def __init__(self, modules=(), unsafe=False, limits=None, started=()):
        self.forks = 0
        self._one_at_a_time = threading.Lock()
        self._own = None
        if not any(map(self._take, started)):
            self._own = Process(modules, unsafe, limits)
            if not self._take(self._own.started):
                said = _log(self._own.started.home)
                self._own.close()
                raise RuntimeError(f"{ENDED}{said}")
        try:
            self._ask(IMPORTING)
        except BaseException:
            self.close()
            raise

    def _take(self, started):
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            # Two cannot both rename it.
            os.rename(f"{started.home}/{DOOR}", f"{started.home}/{DOOR}-taken")
            self._socket.connect(f"{started.home}/{DOOR}-taken")
            self._handle = os.pidfd_open(started.pid)
        except OSError:
            self._socket.close()
            return False
        self.home = started.home
        return True

    def fork(self, runtime, connection, report):
        """Start a kernel. Threads may share the server.

        Args:
            runtime: folder for the kernel's sockets.
            connection: dict, Jupyter's connection information.
            report: file descriptor to which the kernel's guard writes.

        Returns:
            The process number of the kernel, as seen from here.

        Raises:
            RuntimeError: if it does not start; the message says why.
        """
        request = json.dumps({"runtime": str(runtime), "connection": connection}).encode()
        with self._one_at_a_time:
            socket.send_fds(self._socket, [request + b"\n"], [report])
            self.forks += 1
            return self._ask(FORKING)["pid"]

    @property
    def is_worn(self):
        """Whether it is time for a fresh one."""
        return self.forks >= KERNELS_PER_SERVER or self._has_ended(0)

    def _has_ended(self, seconds):
        return bool(select.select([self._handle], [], [], seconds)[0])

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self):
        """End it, and every kernel that it has started."""
        self._socket.close()
        if not self._has_ended(PATIENCE):
            self._kill()
        os.close(self._handle)
        if self._own:
            self._own.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _ask(self, seconds):
        line = b""
        self._socket.settimeout(seconds)
        while not line.endswith(b"\n"):
            try:
                part = self._socket.recv(65536)
            except TimeoutError:
                self._kill()
                raise RuntimeError(
                    f"the process that starts the kernels did not answer within {seconds} seconds"
                ) from None
            except ConnectionError:
                part = b""
            if not part:
                raise RuntimeError(f"{ENDED}{_log(self.home)}")
            line += part
        answer = json.loads(line)
        if "no sandbox" in answer:
            raise sandbox.SandboxError(answer["no sandbox"])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def _log(home):
    with contextlib.suppress(OSError):
        return Path(home, LOG).read_text(errors="replace").strip()[-2000:]
    return ""


def _serve(listener, options):
    reason = sandbox.reason_against()
    if reason and not options["unsafe"]:
        with _accepted(listener) as channel:
            channel.sendall(json.dumps({"no sandbox": reason}).encode() + b"\n")
        return
    folders = _import_all(options["modules"])
    limits = sandbox.Limits(*options["limits"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Ended children leave nothing behind.
    # The collector would write into all memory that children share with this process.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)  # Networks are many objects in few cycles.
    with _accepted(listener) as channel:
        channel.sendall(b"{}\n")
        _fork_on_request(channel, folders, limits, sandboxed=not reason)


def _accepted(listener):
    """Wait for the one who shall have this server; end with its starter, while nobody does."""
    if listener not in select.select([listener, sys.stdin], [], [])[0]:
        raise ConnectionError("whoever has started it is gone")
    channel, _ = listener.accept()
    listener.close()
    return channel


def _fork_on_request(channel, folders, limits, sandboxed):
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 65536, 1)
        if not message:
            return
        request, report = json.loads(message), descriptors[0]
        read_end, write_end = os.pipe()
        if os.fork() == 0:
            try:
                _become_kernel(request, report, write_end, folders, limits, sandboxed)
            finally:
                os._exit(1)
        os.close(write_end)
        os.close(report)
        with open(read_end) as lines:
            said = dict(line.rstrip("\n").split(" ", 1) for line in lines)
        pid = int(said.get("pid", 0))
        answer = {"pid": pid} if "ready" in said else {"error": said.get("error", "it died")}
        channel.sendall(json.dumps(answer).encode() + b"\n")


def _import_all(modules):
    # A kernel would import its debugger at each start.
    sys.modules["debugpy"] = None
    for name in (*USUAL, *modules):
        try:
            importlib.import_module(name)
        except ImportError:
            if name in modules:
                sys.stderr.write(f"{name} cannot be imported\n")
    for name in {name.split(".")[0] for name in modules} & {COURSE}:
        # All rooms: one that a kernel imports itself, its guard would not know.
        for room in pkgutil.iter_modules(sys.modules[name].__path__, f"{name}."):
            if not room.ispkg and not room.name.endswith("__main__"):
                importlib.import_module(room.name)
    # Compiled-in paths; and packages that lie outside of them, and the course's own.
    shown = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        if "." in name or not origin or name in ("__main__", "dcgan_grader"):
            continue
        path = Path(origin).parent if hasattr(module, "__path__") else Path(origin)
        is_inside = any(path.is_relative_to(folder) for folder in shown)
        if path.exists() and (name == COURSE or not is_inside):
            shown.add(str(path))
    return sorted(shown)


def _become_kernel(request, report, status, folders, limits, sandboxed):
    def say(word, text):
        os.write(status, f"{word} {text}\n".encode())

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        runtime = request["runtime"]
        if sandboxed:
            keep = {report, status}
            sandbox.enter(folders, runtime, limits, keep, on_start=lambda pid: say("pid", pid))
            runtime, home, work = sandbox.RUNTIME, sandbox.HOME, sandbox.WORK
        else:
            os.setsid()
            say("pid", os.getpid())
            home = work = runtime
            os.chdir(work)
        os.environ.update(HOME=home, USER="student", LOGNAME="student", TMPDIR="/tmp")
        os.environ.update(NBGRADER_EXECUTION="autograde", PIP_RETRIES="0", PIP_TIMEOUT="1")
        os.environ.update(MPLCONFIGDIR=home, IPYTHONDIR=home, JUPYTER_RUNTIME_DIR=runtime)
        os.environ.pop("PYTHONPATH", None)
        connection = {**request["connection"], "ip": f"{runtime}/k"}
        start = kernel.prepare(connection, f"{runtime}/connection.json", report, folders)
        say("ready", "")
        os.close(status)
    except BaseException as error:
        say("error", f"{type(error).__name__}: {error}".replace("\n", " "))
        raise
    start()


def main():
    """Serve until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who closes it.
    listener = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    code = 0
    try:
        _serve(listener, options)
    except ConnectionError:
        pass
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        code = 1  # Whoever has it reads what was printed into its folder.
    if not code:
        # The other end may have been killed, and cannot.
        shutil.rmtree(options["home"], ignore_errors=True)
    os._exit(code)  # Nothing of what was imported has to be tidied up.


if __name__ == "__main__":
    main()
