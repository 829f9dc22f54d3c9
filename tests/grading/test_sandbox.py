"""The sandbox: what a process inside can see, reach and use up; as root and as an ordinary user."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dcgan_grader import sandbox

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
)
# Runs outside, forks, and enters; what `inside` does there comes back through a pipe.
PROGRAM = """
import json, os, sys
sys.path.insert(0, {package!r})
from dcgan_grader import sandbox
import ctypes, resource, select, signal, socket, subprocess, time

def inside():
{body}

read_end, write_end = os.pipe()
child = os.fork()
if child == 0:
    try:
        runtime = {runtime!r}
        limits = sandbox.Limits(memory=2**28, processes=64, disk=2**22)
        sandbox.enter({folders!r}, runtime, limits, keep={{write_end}})
        answer = inside()
    except BaseException as error:
        answer = {{"error": repr(error)}}
    os.write(write_end, json.dumps(answer).encode())
    os._exit(0)
os.close(write_end)
with open(read_end) as answer:
    print(answer.read())
os.waitpid(child, 0)
"""


@pytest.fixture(params=["as its caller", "as an ordinary user"])
def ask(request, tmp_path):
    """A function that runs the body of `inside` in a sandbox and returns its answer."""
    ordinary = request.param == "as an ordinary user"
    if ordinary and os.getuid() != 0:
        pytest.skip("the caller is an ordinary user already")
    # A folder that an ordinary user may enter, which pytest's are not.
    place = Path("/var/tmp") / f"dcgan-sandbox-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(Path(sandbox.__file__).parent, place / "package" / "dcgan_grader")
    (place / "secret.txt").write_text("gradebook")
    (place / "shown").mkdir()
    (place / "shown" / "read.txt").write_text("to be read")
    (place / "runtime").mkdir(mode=0o777)
    for path in (place, *place.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)

    def run(body):
        program = PROGRAM.format(
            package=str(place / "package"),
            body="\n".join(f"    {line}" for line in body.strip().splitlines()),
            runtime=str(place / "runtime"),
            folders=[str(place / "shown"), sys.prefix, sys.base_prefix, "/usr"],
        )
        # Debian's own Python: an ordinary user may not read root's.
        python = "/usr/bin/python3" if ordinary and os.path.exists("/usr/bin/python3") else None
        python = python or sys.executable
        user = {"user": 65534, "group": 65534, "extra_groups": []} if ordinary else {}
        done = subprocess.run(
            [python, "-I", "-c", program], capture_output=True, text=True, cwd="/", **user
        )
        assert done.stdout, done.stderr
        answer = json.loads(done.stdout)
        assert "error" not in answer, answer
        return answer

    run.place = place
    yield run
    shutil.rmtree(place, ignore_errors=True)


def test_no_program_can_be_started(ask):
    answer = ask(
        """
said = []
for start in (
    lambda: subprocess.run([sys.executable, "-c", "pass"]),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.execve(os.open("/bin/true", os.O_RDONLY), ["true"], {}),
):
    try:
        start()
        said.append("started")
    except OSError as error:
        said.append(type(error).__name__)
return said + [os.system("true") != 0]
"""
    )
    assert answer == ["PermissionError"] * 3 + [True]


def test_it_sees_no_file_but_the_systems_and_what_it_is_shown(ask):
    answer = ask(f"""
place = {str(ask.place)!r}
seen = lambda path: os.path.exists(os.path.join(place, path))
homes = [f for f in ("/root", "/home") if os.path.exists(f)]
return {{"secret": seen("secret.txt"), "package": seen("package"), "read": seen("shown/read.txt"),
        "root": sorted(os.listdir("/")), "homes": [os.listdir(f) for f in homes],
        "shadow": os.path.exists("/etc/shadow"), "tmp": sorted(os.listdir("/tmp"))}}
""")
    assert (answer["secret"], answer["package"], answer["read"]) == (False, False, True)
    # A course that lies in /tmp is shown there.
    course = {ROOT.parts[2]} if ROOT.is_relative_to("/tmp") else set()
    assert not answer["shadow"] and set(answer["tmp"]) - course == {"home", "work"}
    # Python may lie in a home folder; nothing beside it is seen there.
    shown = {part for place in (sys.prefix, sys.base_prefix) for part in Path(place).parts[2:3]}
    assert all(set(names) <= shown for names in answer["homes"])


def test_it_writes_to_its_own_folder_only(ask):
    answer = ask(f"""
def writable(path):
    try:
        with open(os.path.join(path, "x"), "w") as file:
            file.write("x")
        return True
    except OSError:
        return False
places = ["/", "/usr", "/etc", "/proc", "/dev", {str(ask.place / "shown")!r}, sys.prefix]
return {{"outside": [p for p in places if writable(p)],
        "own": [writable(p) for p in (".", sandbox.HOME, "/tmp", sandbox.RUNTIME)]}}
""")
    assert answer == {"outside": [], "own": [True] * 4}
    assert not (ask.place / "shown" / "x").exists()


def test_it_has_no_network(ask):
    answer = ask("""
said = []
for family, address in ((socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET, ("10.0.0.1", 80))):
    try:
        socket.socket(family).connect(address)
        said.append("connected")
    except OSError as error:
        said.append("no")
return {"said": said, "interfaces": [name for _, name in socket.if_nameindex()]}
""")
    assert answer == {"said": ["no", "no"], "interfaces": ["lo"]}


def test_it_sees_and_signals_no_other_process(ask):
    answer = ask("""
alone = [name for name in os.listdir("/proc") if name.isdigit()]
try:
    os.kill(int(open("/proc/self/stat").read().split()[3]) or -1, signal.SIGTERM)
    said = "sent"
except OSError:
    said = "no"
return {"alone": alone, "pid": os.getpid(), "said": said}
""")
    assert answer == {"alone": ["1"], "pid": 1, "said": "no"}


def test_it_has_no_privilege_and_gets_none_back(ask):
    answer = ask("""
status = dict(line.rstrip().split(":\\t", 1) for line in open("/proc/self/status")
              if line.startswith(("Cap", "NoNew", "Uid")))
def fails(function, *arguments):
    return ctypes.CDLL(None).__getattr__(function)(*arguments) != 0
return {"caps": [int(status[c], 16) for c in ("CapPrm", "CapEff", "CapInh", "CapAmb")],
        "new": status["NoNewPrivs"], "root": 0 in map(int, status["Uid"].split()),
        "mount": fails("mount", b"x", b"/tmp", b"tmpfs", 0, None),
        "become_root": fails("setuid", 0)}
""")
    assert answer == {
        "caps": [0, 0, 0, 0],
        "new": "1",
        "root": False,
        "mount": True,
        "become_root": True,
    }


def test_memory_processes_disk_and_files_are_limited(ask):
    answer = ask("""
said = {}
try:
    bytearray(2**29)
    said["memory"] = "had"
except MemoryError:
    said["memory"] = "limited"
try:
    with open("big", "wb") as file:
        for _ in range(64):
            file.write(bytes(2**17))
    said["disk"] = "had"
except OSError:
    said["disk"] = "limited"
children = []
try:
    for _ in range(200):
        pid = os.fork()
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        children.append(pid)
    said["processes"] = "had"
except OSError:
    said["processes"] = "limited"
for pid in children:
    os.kill(pid, signal.SIGKILL)
opened = []
try:
    while len(opened) < 5000:
        opened.append(os.open("/dev/null", os.O_RDONLY))
    said["files"] = "had"
except OSError:
    said["files"] = "limited"
for number in opened:
    os.close(number)
return said
""")
    assert answer == dict.fromkeys(("memory", "disk", "processes", "files"), "limited")


def test_nothing_that_was_open_outside_is_open_inside(ask):
    answer = ask("""
return {"open": [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
                 if os.path.exists(f"/proc/self/fd/{n}")]}
""")
    allowed = ("/dev/null", "pipe:", "/proc/")
    assert all(name.startswith(allowed) for name in answer["open"]), answer


def test_all_of_it_ends_with_its_first_process(ask):
    answer = ask("""
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(4321)
    os._exit(0)
time.sleep(0.2)
return {"left": len([n for n in os.listdir("/proc") if n.isdigit()])}
""")
    assert answer["left"] >= 2
    commands = [path for path in Path("/proc").glob("[0-9]*/cmdline")]
    left = [p for p in commands if "4321" in _text(p) and str(ask.place) in _text(p)]
    assert left == []


def _text(path):
    try:
        return path.read_text()
    except OSError:
        return ""


def test_it_says_why_there_is_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert sandbox.reason_against() == "it needs Linux"
