"""The process that imports the heavy packages once, and forks for each submission.

A kernel is ready within a second instead of fifteen. What the child does cannot touch the parent:
it has its own memory, and a sandbox around it.
"""

import gc
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path

from dcgan_grader import guard, sandbox

# Imported at first use by almost every kernel; whatever is not installed is passed over.
_USUAL = """
ipykernel.kernelapp ipykernel.debugger IPython IPython.core.completerlib
IPython.extensions.storemagic sqlite3 tornado.platform.asyncio ipywidgets matplotlib.pyplot
PIL.Image
"""
USUAL = tuple(_USUAL.split())
KERNELS_PER_SERVER = 100
IMPORTING, FORKING = 600, 120  # seconds; TensorFlow's import takes 15 on a busy machine


class ForkServer:
    """The instructor's end.

    Args:
        modules: names of modules to import before the first fork.
        unsafe: where there is no sandbox, run students' code with the rights of the caller.
        limits: `sandbox.Limits`.

    Raises:
        SandboxError: if there is no sandbox, without `unsafe`.
        RuntimeError: if it does not start.
    """

    def __init__(self, modules=(), unsafe=False, limits=None):
        # Short, for the name of a socket may have 107 bytes; nobody else may enter.
        self.home = tempfile.mkdtemp(prefix="dg-", dir="/tmp")
        self._socket, theirs = socket.socketpair()
        options = {"modules": list(modules), "unsafe": unsafe, "home": self.home}
        options["limits"] = limits or sandbox.Limits()
        package = str(Path(__file__).parent.parent)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": os.pathsep.join([package, *os.environ.get("PYTHONPATH", "").split(":")]),
            "HOME": self.home,
            "LANG": "C.UTF-8",
            "CUDA_VISIBLE_DEVICES": "-1",  # A GPU cannot be shared by forks.
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONHASHSEED": "0",
            # The other processors have submissions of their own.
            "OMP_NUM_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close)
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno()), json.dumps(options)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd="/",
            env=environment,
        )
        theirs.close()
        self.forks = 0
        self._one_at_a_time = threading.Lock()
        try:
            self._ask(IMPORTING)
        except BaseException:
            self.close()
            raise

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
        return self.forks >= KERNELS_PER_SERVER or self.process.poll() is not None

    def close(self):
        """End it, and every kernel that it has started."""
        self._socket.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _ask(self, seconds):
        line = b""
        self._socket.settimeout(seconds)
        while not line.endswith(b"\n"):
            try:
                part = self._socket.recv(65536)
            except TimeoutError:
                self.process.kill()
                raise RuntimeError(
                    f"the process that starts the kernels did not answer within {seconds} seconds"
                ) from None
            if not part:
                self._log.seek(0)
                said = self._log.read().decode(errors="replace").strip()[-2000:]
                raise RuntimeError(f"the process that starts the kernels has ended: {said}")
            line += part
        answer = json.loads(line)
        if "no sandbox" in answer:
            raise sandbox.SandboxError(answer["no sandbox"])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def _serve(channel, options):
    reason = sandbox.reason_against()
    if reason and not options["unsafe"]:
        channel.sendall(json.dumps({"no sandbox": reason}).encode() + b"\n")
        return
    folders = _import_all(options["modules"])
    limits = sandbox.Limits(*options["limits"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Ended children leave nothing behind.
    # The collector would write into all memory that children share with this process.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)  # Networks are many objects in few cycles.
    channel.sendall(b"{}\n")
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 65536, 1)
        if not message:
            return
        request, report = json.loads(message), descriptors[0]
        read_end, write_end = os.pipe()
        if os.fork() == 0:
            try:
                _become_kernel(request, report, write_end, folders, limits, sandboxed=not reason)
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
    # Compiled-in paths; and packages that lie outside of them, such as the course's own.
    shown = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        if "." in name or not origin or name in ("__main__", "dcgan_grader"):
            continue
        path = Path(origin).parent if hasattr(module, "__path__") else Path(origin)
        if path.exists() and not any(path.is_relative_to(folder) for folder in shown):
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
        start = guard.prepare(connection, f"{runtime}/connection.json", report, folders)
        say("ready", "")
        os.close(status)
    except BaseException as error:
        say("error", f"{type(error).__name__}: {error}".replace("\n", " "))
        raise
    start()


def main():
    """Serve until the other end is closed."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    try:
        _serve(channel, options)
    except (OSError, KeyboardInterrupt):
        traceback.print_exc()
        sys.exit(1)
    finally:
        # The other end may have been killed, and cannot.
        shutil.rmtree(options["home"], ignore_errors=True)


if __name__ == "__main__":
    main()
