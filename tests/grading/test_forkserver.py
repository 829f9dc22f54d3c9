"""Fork servers that are started before the one who uses them is there."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dcgan_grader.forkserver import ForkServer, Process


def has_ended(pid, seconds=20):
    """Wait until a process is over, also one that nobody has waited for."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def test_one_that_was_started_early_is_taken_once():
    with contextlib.closing(Process()) as early:
        servers = []

        def take():
            servers.append(ForkServer(started=[early.started]))

        threads = [threading.Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        homes = [server.home for server in servers]
        for server in servers:
            server.close()
    assert len(set(homes)) == 2 and early.started.home in homes
    assert not any(Path(home).exists() for home in homes)


def test_one_that_nobody_has_taken_ends_with_its_starter():
    early = Process()
    early.close()
    assert has_ended(early.started.pid, 0) and not Path(early.started.home).exists()


@pytest.mark.parametrize("is_taken", [False, True])
def test_it_ends_when_its_starter_is_killed(is_taken):
    code = (
        "from dcgan_grader.forkserver import ForkServer, Process\n"
        f"early = Process()\nserver = ForkServer(started=[early.started]) if {is_taken} else 0\n"
        "print(*early.started, flush=True)\ninput()\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    home, pid = starter.stdout.readline().split()
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    assert has_ended(int(pid)) and not Path(home).exists()


def test_where_the_early_one_has_died_another_is_started():
    with contextlib.closing(Process()) as early:
        os.kill(early.started.pid, signal.SIGKILL)
        assert has_ended(early.started.pid)
        with contextlib.closing(ForkServer(started=[early.started])) as server:
            assert server.home != early.started.home


def test_what_it_said_before_it_died_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="has ended"):
        ForkServer()
