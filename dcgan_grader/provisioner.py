"""Sandboxed kernels for Jupyter: a kernel manager whose kernels a `ForkServer` starts."""

import asyncio
import contextlib
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase

MEMORY_CHECK = 0.2  # seconds


class ForkedProvisioner(KernelProvisionerBase):
    """Starts, watches and ends one kernel of a `ForkServer`."""

    server = report = memory = None

    def __init__(self, server=None, report=None, memory=None, **options):
        super().__init__(**options)
        self.server, self.report, self.memory = server, report, memory
        self.pid, self._handle, self._watcher = 0, -1, None
        self.too_large = False

    @property
    def has_process(self):
        """Whether the kernel has been started and not yet been seen to end."""
        return self._handle >= 0

    async def launch_kernel(self, cmd, **options):
        """Start the kernel."""
        manager = self.parent
        connection = manager.get_connection_info()
        connection["key"] = connection["key"].decode()
        runtime = Path(manager.ip).parent
        loop = asyncio.get_running_loop()
        self.pid = await loop.run_in_executor(
            None, self.server.fork, runtime, connection, self.report
        )
        self._handle = os.pidfd_open(self.pid)
        self._watcher = asyncio.ensure_future(self._watch())
        return manager.get_connection_info()

    async def pre_launch(self, **options):
        """Give the sockets their names."""
        manager = self.parent
        for number, channel in enumerate(("shell", "iopub", "stdin", "hb", "control"), 1):
            setattr(manager, f"{channel}_port", number)
        return await super().pre_launch(cmd=[], **options)

    async def poll(self):
        """Return None while the kernel lives."""
        if not self.has_process:
            return 0
        readable, _, _ = select.select([self._handle], [], [], 0)
        return 1 if readable else None

    async def wait(self):
        """Return when the kernel has ended."""
        while await self.poll() is None:
            await asyncio.sleep(0.01)
        self.let_go()
        return 1

    def let_go(self):
        """Close the handle of the kernel: a class of 1000 would use up what may be open."""
        if self._watcher:
            self._watcher.cancel()
        if self.has_process:
            os.close(self._handle)
            self._handle = -1

    async def send_signal(self, signum):
        """Send a signal to the kernel, which is process 1 of its sandbox."""
        if self.has_process:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signum)

    async def kill(self, restart=False):
        """End it and all that it has started."""
        await self.send_signal(signal.SIGKILL)

    terminate = kill

    async def cleanup(self, restart=False):
        """Nothing is left: the sandbox ends with its process 1."""

    async def _watch(self):
        while await self.poll() is None:
            await asyncio.sleep(MEMORY_CHECK)
            if self.memory and _resident(self.pid) > self.memory:
                self.too_large = True
                await self.kill()


class ForkedKernelManager(AsyncKernelManager):
    """Jupyter's kernel manager for one notebook.

    Args:
        server: `forkserver.ForkServer`.
        memory: bytes that the kernel and its processes may use together.
    """

    def __init__(self, server, memory, **options):
        super().__init__(**options)
        self.transport = "ipc"
        self.runtime = tempfile.mkdtemp(prefix="k", dir=server.home)
        self.ip = f"{self.runtime}/k"
        self.connection_file = f"{self.runtime}/outside.json"
        self._kernel_spec = KernelSpec(argv=["python3"], display_name="graded", language="python")
        read_end, self._write_end = os.pipe()
        os.set_blocking(read_end, False)
        self.reports = open(read_end, "rb", buffering=0)  # noqa: SIM115
        self.provisioner = ForkedProvisioner(
            server=server,
            report=self._write_end,
            memory=memory,
            parent=self,
            kernel_id="graded",
            kernel_spec=self._kernel_spec,
        )

    async def _async_start_kernel(self, **options):
        await super()._async_start_kernel(**options)
        os.close(self._write_end)
        self._write_end = -1

    start_kernel = _async_start_kernel

    def close(self):
        """Kill the kernel, if it still lives, and remove its sockets."""
        if self.provisioner.has_process:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.provisioner._handle, signal.SIGKILL)
            self.provisioner.let_go()
        if self._write_end >= 0:
            os.close(self._write_end)
        self.reports.close()
        shutil.rmtree(self.runtime, ignore_errors=True)


def _resident(pid):
    """Bytes that a process and its descendants hold in memory of their own."""
    total, waiting = 0, [pid]
    deadline = time.monotonic() + 1  # A swarm of processes must not hold the watcher up.
    while waiting and time.monotonic() < deadline:
        one = waiting.pop()
        with contextlib.suppress(OSError, ValueError):
            size, resident, shared = Path(f"/proc/{one}/statm").read_text().split()[:3]
            total += (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
            for thread in os.listdir(f"/proc/{one}/task"):
                children = Path(f"/proc/{one}/task/{thread}/children").read_text()
                waiting += map(int, children.split())
    return total
