"""A sandbox for one process: Linux namespaces, without Docker, as root or as an ordinary user.

A process that is forked for one submission calls `enter`. It comes out as process 1 of a world of
its own: no network, no other process, a read-only system with Python and the packages, one small
writable folder in memory, and none of the folders of the course. It has no privilege left, cannot
get one back, and cannot start a program.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import sys
from pathlib import Path
from typing import NamedTuple

NEW_USER, NEW_MOUNT, NEW_PID = 0x10000000, 0x00020000, 0x20000000
NEW_NET, NEW_IPC, NEW_NAMES = 0x40000000, 0x08000000, 0x04000000
NAMESPACES = NEW_MOUNT | NEW_PID | NEW_NET | NEW_IPC | NEW_NAMES

READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8  # as mount and mount_setattr count
BIND, RECURSIVE, PRIVATE, REMOUNT = 4096, 16384, 1 << 18, 32
DETACH, HERE = 2, -100
MOUNT_SETATTR, WHOLE_TREE = 442, 0x8000  # the number is the same on every architecture
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
# As seccomp knows them: the architecture, execve, execveat.
PROGRAMS = {"x86_64": (0xC000003E, 59, 322), "aarch64": (0xC00000B7, 221, 281)}
SET_SECCOMP, FILTER = 22, 2
LOAD, IF_SAME, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
OTHER_CALLS = 0x40000000  # from here on x86_64 counts its calls once more
DIE_WITH_PARENT, SET_DUMPABLE, DROP_FROM_BOUNDS, NO_NEW_PRIVILEGES = 1, 4, 24, 38

# What is seen of the system, read-only; whatever does not exist is left out.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/fonts")
SYSTEM += ("/etc/localtime", "/etc/alternatives", "/nix/store")
DEVICES = ("null", "zero", "full", "random", "urandom")

RUNTIME = "/run/kernel"  # where the folder of the kernel's sockets is seen from inside
WORK, HOME = "/tmp/work", "/tmp/home"


class Limits(NamedTuple):
    """What one submission may use."""

    memory: int = 4 * 2**30  # bytes in memory, all its processes together
    processes: int = 512  # threads count; TensorFlow starts dozens
    disk: int = 2**28  # bytes in its writable folder, which lies in memory
    files: int = 1024  # open at once


class SandboxError(OSError):
    """There is no sandbox to be had here; the message says why."""


def reason_against():
    """Try the sandbox.

    Returns:
        None when it works, otherwise why not.
    """
    if sys.platform != "linux":
        return "it needs Linux"
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with open(write_end, "w") as answer:
                try:
                    enter([], None, Limits(), keep={write_end})
                    answer.write("works" if _is_shut() else "the outside can be seen")
                except BaseException as error:
                    answer.write(str(error) or repr(error))
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return None if said == "works" else said or "it dies at its start"


def _is_shut():
    alone = {int(name) for name in os.listdir("/proc") if name.isdigit()} == {1}
    return (
        alone
        and os.getpid() == 1
        and os.getuid() != 0
        and set(os.listdir("/tmp"))
        <= {
            "work",
            "home",
        }
    )


def enter(folders, runtime, limits, keep=(), on_start=None):
    """Leave the outside; return only in the process that is process 1 of the sandbox.

    The caller must have one thread, and forked for this: it stays behind, waits for the sandbox
    and ends with it.

    Args:
        folders: paths of folders and files that can be read, beside the system's.
        runtime: folder outside that is seen as `RUNTIME` and can be written; or None.
        limits: `Limits`.
        keep: file descriptors that stay open, beside standard input and output.
        on_start: called outside with the process number of process 1.

    Raises:
        SandboxError: if a step is not allowed here.
    """
    _close_all_but(keep)
    user, group = os.getuid(), os.getgid()
    as_root = user == 0 and _try(_libc().unshare, NAMESPACES)
    if as_root:
        inner = _free_user(runtime)
    else:
        _do("user namespaces are not allowed", _libc().unshare, NEW_USER | NAMESPACES)
        inner = user or 1000
        _map(inner, user, group)
    _libc().prctl(DIE_WITH_PARENT, signal.SIGKILL)
    child = os.fork()
    if child:
        if on_start:
            on_start(child)
        _close_all_but(())
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    os.setsid()
    _libc().sethostname(b"sandbox", 7)
    _build_root(folders, runtime, limits, inner)
    for number in range(64):
        _libc().prctl(DROP_FROM_BOUNDS, number)
    if as_root:
        os.setgroups([])
        os.setresgid(inner, inner, inner)
        os.setresuid(inner, inner, inner)
    _give_up_privileges()
    _limit(limits)
    os.chdir(WORK)


def _try(function, *arguments):
    return function(*arguments) == 0


def _do(what, function, *arguments):
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise SandboxError(f"{what} ({os.strerror(number)})")


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _close_all_but(keep):
    """Close what was inherited: an open folder of the outside would be a way out."""
    kept = sorted({0, 1, 2, *keep})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    for start, end in zip([-1, *kept], [*kept, most], strict=True):
        if start + 1 < end:  # An empty range would close everything.
            os.closerange(start + 1, end)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in keep:
            os.dup2(nowhere, standard)
    if nowhere > 2 and nowhere not in keep:
        os.close(nowhere)


def _free_user(runtime):
    """A user number that nobody has; it gets the runtime folder."""
    inner = 2_000_000_000 + os.getpid()
    mapped = Path("/proc/self/uid_map").read_text().split()
    known = sum(map(int, mapped[2::3]))
    if known < 2**32 - 1:  # A container may know only 65,536 users.
        inner = 65534
    if runtime:
        os.chown(runtime, inner, inner)
    return inner


def _map(inner, user, group):
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{inner} {group} 1")


def _mount(source, target, kind=None, flags=0, options=None):
    encoded = [os.fsencode(part) if part else None for part in (source, target, kind)]
    data = options.encode() if options else None
    _do(f"cannot mount {target}", _libc().mount, *encoded, ctypes.c_ulong(flags), data)


def _show(source, target, flags):
    """Show a file or folder of the outside at a place of the new root."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "a").close()
    _mount(source, target, flags=BIND | RECURSIVE)
    _restrict(target, flags)


def _restrict(target, flags):
    attributes = (ctypes.c_uint64 * 4)(flags, 0, 0, 0)
    number = ctypes.c_long(MOUNT_SETATTR)
    arguments = [ctypes.c_int(HERE), os.fsencode(target), ctypes.c_uint(WHOLE_TREE)]
    arguments += [ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes))]
    _do(f"cannot protect {target}; it needs Linux 5.12", _libc().syscall, number, *arguments)


def _build_root(folders, runtime, limits, user):
    _mount(None, "/", flags=RECURSIVE | PRIVATE)
    root = "/tmp"
    # The folders may lie below /tmp: hold them open, and name them by their descriptors.
    # Once each: what is opened twice would stay open, and lead out.
    both = dict.fromkeys([*SYSTEM, *_outermost(folders)])
    wanted = [path for path in both if os.path.lexists(path)]
    opened = {path: os.open(path, os.O_PATH) for path in [*wanted, *([runtime] if runtime else [])]}
    held = {path: f"/proc/self/fd/{number}" for path, number in opened.items()}
    no_tricks = NO_SETUID | NO_DEVICES
    _mount("sandbox", root, "tmpfs", no_tricks, "size=4m,mode=755")
    for folder in ("/proc", "/tmp", "/dev/shm", "/etc", RUNTIME):
        os.makedirs(root + folder)
    # First, for the folders that are shown may lie below it.
    _mount("work", f"{root}/tmp", "tmpfs", no_tricks, f"size={limits.disk},mode=1777")
    _mount("shared", f"{root}/dev/shm", "tmpfs", no_tricks, f"size={limits.disk // 4},mode=1777")
    for folder in (WORK, HOME):
        os.mkdir(root + folder)
        os.chmod(root + folder, 0o777)
    for path in wanted:
        if os.path.islink(path):
            os.makedirs(os.path.dirname(root + path), exist_ok=True)
            os.symlink(os.readlink(path), root + path)
        else:
            _show(held[path], root + path, READ_ONLY | no_tricks)
    for name in DEVICES:
        _show(f"/dev/{name}", f"{root}/dev/{name}", NO_SETUID)
    os.symlink("/proc/self/fd", f"{root}/dev/fd")
    if runtime:
        _show(held[runtime], root + RUNTIME, no_tricks)
    Path(f"{root}/etc/passwd").write_text(f"student:x:{user}:{user}::{HOME}:/bin/sh\n")
    for number in opened.values():
        os.close(number)
    # The kernel allows this only while the outside's /proc is still to be seen.
    _mount("proc", f"{root}/proc", "proc", NO_SETUID | NO_DEVICES | NO_PROGRAMS)
    os.chdir(root)
    number = PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise SandboxError(f"the processor {platform.machine()} is not known")
    _do("cannot change the root", _libc().syscall, ctypes.c_long(number), b".", b".")
    _do("cannot let go of the old root", _libc().umount2, b".", DETACH)
    os.chdir("/")
    _mount(None, "/", flags=REMOUNT | BIND | READ_ONLY | NO_SETUID | NO_DEVICES)


def _outermost(folders):
    """The folders, without those that lie in another one."""
    outer = []
    for folder in sorted({os.path.realpath(folder) for folder in folders} | set(folders)):
        if not any(folder.startswith(other + "/") for other in outer):
            outer.append(folder)
    return outer


def _give_up_privileges():
    libc = _libc()
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _do("cannot give up privileges", libc.capset, header, (ctypes.c_uint32 * 6)())
    _do("cannot give up privileges", libc.prctl, NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # A change of user makes a process unreadable to itself; and it must die with its parent.
    libc.prctl(SET_DUMPABLE, 1)
    libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
    _forbid_programs()


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),  # how many steps are passed over
        ("if_false", ctypes.c_ubyte),
        ("number", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def _forbid_programs():
    """No other program from here on: a new Python would know nothing of the tests' guard."""
    architecture, execve, execveat = PROGRAMS[platform.machine()]
    steps = (
        (LOAD, 0, 0, 4),
        (IF_SAME, 0, 5, architecture),
        (LOAD, 0, 0, 0),
        (IF_AT_LEAST, 3, 0, OTHER_CALLS),
        (IF_SAME, 2, 0, execve),
        (IF_SAME, 1, 0, execveat),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    )
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    _do("cannot forbid programs", _libc().prctl, SET_SECCOMP, FILTER, ctypes.byref(program))


def _limit(limits):
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for name, value in (
        (resource.RLIMIT_AS, size + limits.memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CORE, 0),
    ):
        most = resource.getrlimit(name)[1]
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (value, value))
