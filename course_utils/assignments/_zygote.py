"""Inside the sandbox: a process that imports Keras once and forks itself for every submission.

For each submission two processes are made. The *runner* is process number one of namespaces of its own: it sees no
other process and no file that a submission before it wrote, holds no capability, and runs the cells. The *supervisor*
stands outside these namespaces, holds the runner to its limits, and reports how it ended on a channel that the runner
does not have. Run by `_sandbox`; nothing here decides whether an answer is right.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from course_utils.assignments import _wire

_NOBODY = 65534
_NEW_USER, _NEW_PID, _NEW_IPC, _NEW_UTS, _NEW_MOUNT = 0x10000000, 0x20000000, 0x08000000, 0x04000000, 0x00020000
_SET_DUMPABLE, _DROP_BOUND, _NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 4, 24, 38, 1
_PRIVATE, _NO_SUID, _NO_DEVICES, _NO_EXECUTION = 0x44000, 2, 4, 8
_SAFE = _NO_SUID | _NO_DEVICES | _NO_EXECUTION
_LIBC = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Announce oneself when everything is imported, then serve until the judge's end of the channel closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    sandboxed, as_nobody = sys.argv[2] == "sandboxed", sys.argv[2] == "nobody"
    if sandboxed and os.getuid() == 0:
        _must(_LIBC.mount(b"proc", b"/proc", b"proc", _SAFE, None), "mount /proc")
        as_nobody = True
    if as_nobody:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    for name in json.loads(sys.argv[3]):
        with contextlib.suppress(ImportError):
            __import__(name)
    import psutil  # noqa: F401  the supervisors'
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401  the runners'

    if sandboxed or as_nobody:
        _LIBC.prctl(_SET_DUMPABLE, 0, 0, 0, 0)  # a runner has the same user, but must not look into this memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(b"ready")
    while True:
        message, handles, *_ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            code = 1
            try:
                _supervise(socket.socket(fileno=handles[0]), socket.socket(fileno=handles[1]), json.loads(message))
                code = 0
            finally:
                os._exit(code)
        for handle in handles:
            os.close(handle)


def _supervise(channel: socket.socket, reports: socket.socket, limits: dict[str, Any]) -> None:
    """Start the runner, hold it to its limits, and report how it ended."""
    if limits["sandboxed"]:
        _enter_namespaces()
    runner = os.fork()
    if runner == 0:
        reports.close()
        try:
            _run(channel, limits)
        finally:
            os._exit(0)
    channel.close()
    reason, spent = _watch(runner, reports, limits)
    with contextlib.suppress(ProcessLookupError):
        _kill(runner)
    with contextlib.suppress(OSError):
        reports.sendall(json.dumps({"reason": reason, "cpu": spent}).encode())


def _kill(runner: int) -> None:
    """Kill the runner and all it started; in a namespace of its own its end is everybody's."""
    import psutil

    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(runner).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
    os.kill(runner, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(runner, 0)


def _watch(runner: int, reports: socket.socket, limits: dict[str, Any]) -> tuple[str, float]:
    """Look at the runner twenty times a second until it ends, is told to, or takes more than it may."""
    import psutil

    process = psutil.Process(runner)
    allowed: dict[str, float] | None = None
    begun, before, spent = time.monotonic(), 0.0, 0.0
    while True:
        if select.select([reports], [], [], 0.05)[0]:
            message = reports.recv(4096)
            if not message:
                ended = process.status() == psutil.STATUS_ZOMBIE
                return "ended" if ended else "closed", spent
            # Requests are told one by one, but several may lie in the channel by now: the last one counts.
            allowed = json.loads(message.splitlines()[-1])
            begun, before = time.monotonic(), spent
        try:
            everybody = [process, *process.children(recursive=True)]
            alive = process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            alive = False
        if not alive:
            return "ended", spent
        memory = 0
        now = 0.0
        for each in everybody:
            with contextlib.suppress(psutil.Error):
                times = each.cpu_times()
                now += times.user + times.system + times.children_user + times.children_system
                memory += each.memory_info().rss
        spent = max(spent, now)
        if len(everybody) > limits["processes"]:
            return "processes", spent
        if memory > limits["memory"]:
            return "memory", spent
        if spent > limits["cpu"] or (allowed and spent - before > allowed["cpu"]):
            return "cpu", spent
        if allowed and time.monotonic() - begun > allowed["wall"]:
            return "wall", spent


def _enter_namespaces() -> None:
    """Leave the users, processes, shared memory and names of the sandbox behind; the next fork is process one."""
    user, group = os.getuid(), os.getgid()
    _LIBC.prctl(_SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self would belong to root
    _must(_LIBC.unshare(_NEW_USER | _NEW_PID | _NEW_IPC | _NEW_UTS), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    # A namespace inside would give its maker capabilities there, and new limits.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _LIBC.prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _shut_in(limits: dict[str, Any]) -> None:
    """Give the runner fresh writable folders, bounded in size, hide the processes outside, and drop every right."""
    _must(_LIBC.unshare(_NEW_MOUNT), "unshare")
    _must(_LIBC.mount(b"none", b"/", None, _PRIVATE, None), "mount /")
    disk = f"size={limits['disk']},nr_inodes=20000,mode=1777".encode()
    for place in (b"/tmp", b"/dev/shm"):
        _must(_LIBC.mount(b"tmpfs", place, b"tmpfs", _NO_SUID | _NO_DEVICES, disk), f"mount {place.decode()}")
    _must(_LIBC.mount(b"proc", b"/proc", b"proc", _SAFE, None), "mount /proc")
    for capability in range(64):
        _LIBC.prctl(_DROP_BOUND, capability, 0, 0, 0)
    _must(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _must(_LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    os.chdir("/tmp")


def _must(status: int, what: str) -> None:
    if status != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _run(channel: socket.socket, limits: dict[str, Any]) -> None:
    """Be the runner: shut oneself in, then do what the judge asks, one request at a time."""
    os.setsid()  # or a signal to its group would reach the zygote
    if sys.platform == "linux":
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if limits["sandboxed"]:
        _shut_in(limits)
        _LIBC.prctl(_SET_DUMPABLE, 1, 0, 0, 0)
    else:
        if limits["as_nobody"]:
            _must(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
        os.chdir(tempfile.mkdtemp(dir=limits["folder"]))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, 256)
    for which, amount in (
        (resource.RLIMIT_FSIZE, limits["disk"]),
        (resource.RLIMIT_CPU, int(limits["cpu"]) + 5),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_DATA, limits["memory"]),
    ):
        resource.setrlimit(which, (amount, amount))
    if limits["sandboxed"] or limits["as_nobody"]:  # elsewhere the user's other processes would count
        resource.setrlimit(resource.RLIMIT_NPROC, (limits["threads"], limits["threads"]))
    _Runner(channel).serve()


class _Runner:
    """Runs cells and answers requests. The student's code can change all of this, and forges nothing but its own."""

    def __init__(self, channel: socket.socket) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        quiet = Config()
        quiet.HistoryManager.enabled = False
        quiet.InteractiveShell.colors = "nocolor"
        self.shell = InteractiveShell.instance(config=quiet)
        self.channel = channel
        self.models: list[Any] = []

    def serve(self) -> None:
        while frame := _wire.receive(self.channel):
            request = _wire.load(frame, lambda tag, payload: None)
            try:
                answer = self.answer(request)
            except BaseException as error:
                answer = {"error": _said(error)}
            _wire.send(self.channel, _wire.dump(answer, self.describe))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        kind = request["kind"]
        if kind == "cell":
            done = self.shell.run_cell(request["source"], store_history=False, silent=True)
            error = done.error_before_exec or done.error_in_exec
            return {"error": _said(error)} if error else {"value": None}
        if kind == "predict":
            return {"value": self.models[request["model"]].predict(request["X"], verbose=0)}
        names = self.shell.user_ns
        if request["name"] not in names:
            return {"missing": True}
        value = names[request["name"]]
        return {"value": value(*request["args"], **request["keywords"]) if kind == "call" else value}

    def describe(self, value: Any) -> tuple[str, Any] | None:
        """Say what a model is as data: its layers, shapes and weights."""
        if callable(value) and hasattr(value, "__code__"):
            return "function", value.__name__
        if not (hasattr(value, "layers") and hasattr(value, "predict")):
            return None
        self.models.append(value)
        about = {
            "model": len(self.models) - 1,
            "input_shape": _plain(getattr(value, "input_shape", None)),
            "output_shape": _plain(getattr(value, "output_shape", None)),
            "layers": [_layer(layer) for layer in value.layers],
            "loss": _name(getattr(value, "loss", None)),
            "optimizer": _name(getattr(value, "optimizer", None)),
        }
        return "model", about


def _layer(layer: Any) -> dict[str, Any]:
    weights = [_as_array(weight) for weight in layer.weights]
    return {
        "class": type(layer).__name__,
        "name": str(layer.name),
        "config": {str(key): _plain(item) for key, item in layer.get_config().items()},
        "output_shape": _plain(getattr(getattr(layer, "output", None), "shape", None)),
        "trainable": bool(layer.trainable),
        "weights": weights,
    }


def _as_array(weight: Any) -> Any:
    import numpy as np

    return np.asarray(weight.numpy() if hasattr(weight, "numpy") else weight)


def _plain(value: Any) -> Any:
    """Return a value if it is plain, else its text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    return str(value)[:200]


def _name(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else type(value).__name__


def _said(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:500]
    except BaseException:
        return type(error).__name__


if __name__ == "__main__":
    main()
