"""The judge's side of the wall: starts the sandbox, and asks what is in it one request at a time."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import site
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import _wire
from ._errors import AssignmentError

_PACKAGE = Path(__file__).parents[1]
NOBODY = 65534
_SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
HOW_TO_ALLOW = """Student code runs in a sandbox made by bubblewrap, and here {reason}.
- Not installed: sudo apt-get install bubblewrap (Debian, Ubuntu), sudo dnf install bubblewrap (Fedora).
- Ubuntu 24.04 and later forbid it to ordinary programs until a profile allows it. As root:
    printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' \\
      'profile bwrap /usr/bin/bwrap flags=(unconfined) {{ userns, }}' > /etc/apparmor.d/bwrap
    systemctl reload apparmor
- In a container it needs one that may create namespaces, such as docker run --security-opt seccomp=unconfined.
- macOS and Windows have none: grade on Linux, or in a virtual machine.
With --no-sandbox students' code runs as you, and can do whatever you can: only for notebooks that you trust."""


@dataclass(frozen=True)
class Limits:
    """What one submission may take: bytes of memory and of files, processor seconds, processes and threads."""

    memory: int = 3 << 30
    disk: int = 64 << 20
    cpu: float = 300.0
    processes: int = 32
    threads: int = 256


class EndedError(Exception):
    """The runner is gone; `reason` is cpu, wall, memory, processes, ended or garbage."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SaidError(Exception):
    """The student's code raised an error, whose text this is."""


class MissingError(Exception):
    """The student's notebook leaves no such name."""


class Zygote:
    """A sandbox that has imported what submissions need; a context manager that leaves nothing running.

    Without walls (`sandbox=False`) it is only a process, of the same user or, if root asks for it, of `nobody`.
    """

    def __init__(
        self,
        imports: Sequence[str] = (),
        *,
        sandbox: bool = True,
        as_nobody: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self.sandbox, self.as_nobody, self.limits = sandbox, as_nobody and not sandbox, limits or Limits()
        self._folder = tempfile.mkdtemp(prefix="course-grade-")
        if self.as_nobody:
            os.chown(self._folder, NOBODY, NOBODY)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mode = "sandboxed" if sandbox else "nobody" if as_nobody else "open"
        words = [sys.executable, "-m", f"{__package__}._zygote", str(theirs.fileno()), mode, json.dumps(list(imports))]
        with theirs:
            self._process = subprocess.Popen(
                [*_walls(), *words] if sandbox else words,
                pass_fds=[theirs.fileno()],
                env=_environment(self._folder, sandbox),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        self._ready = False

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _await(self) -> None:
        """Wait until it has imported everything; its start does not, so that whoever has it can end it meanwhile."""
        if self._ready:
            return
        self._control.settimeout(300)
        try:
            ready = self._control.recv(16)
        except TimeoutError:
            ready = b""
        if ready != b"ready":
            self._process.kill()
            said = self._process.communicate()[1].decode(errors="replace").strip()
            self.close()
            raise AssignmentError(f"the sandbox did not start: {said[-600:] or 'without a word'}")
        self._ready = True

    def kill(self) -> None:
        """End it at once, from any thread; one that waits for an answer from it learns that it ended."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the sandbox and whatever still runs in it."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def alive(self) -> bool:
        """Whether it can take another submission."""
        return self._process.poll() is None

    def session(self) -> Session:
        """Fork a runner for one submission."""
        self._await()
        ours, theirs = socket.socketpair()
        reports, supervisor = socket.socketpair()
        options = asdict(self.limits) | {"sandboxed": self.sandbox, "folder": self._folder}
        options["as_nobody"] = self.as_nobody
        try:
            socket.send_fds(self._control, [json.dumps(options).encode()], [theirs.fileno(), supervisor.fileno()])
        except OSError:
            ours.close()
            reports.close()
            raise AssignmentError("the sandbox is gone") from None
        finally:
            theirs.close()
            supervisor.close()
        return Session(ours, reports)


class Session:
    """One submission's runner, and the questions that it can be asked."""

    def __init__(self, channel: socket.socket, reports: socket.socket) -> None:
        self._channel, self._reports = channel, reports
        self.cpu = 0.0
        self.build: Callable[[str, Any], Any] = lambda tag, payload: None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> str:
        """End the runner; return why it ended, if it had already."""
        self._channel.close()
        report: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            self._reports.shutdown(socket.SHUT_WR)
            self._reports.settimeout(20)
            report = json.loads(self._reports.recv(4096))
        self._reports.close()
        self.cpu = max(self.cpu, float(report.get("cpu", 0.0)))
        return str(report.get("reason", "ended"))

    def ask(self, seconds: float, **request: Any) -> Any:
        """Ask for one thing, which may take so many processor seconds, and much longer on a busy machine."""
        wall = 20 * seconds + 5
        try:
            self._reports.sendall(json.dumps({"cpu": seconds, "wall": wall}).encode() + b"\n")
            self._channel.settimeout(wall)
            _wire.send(self._channel, _wire.dump(request))
            frame = _wire.receive(self._channel, time.monotonic() + wall + 5)
            answer = _wire.load(frame, self.build) if frame else None
        except TimeoutError:
            self.close()
            raise EndedError("wall") from None
        except OSError:
            raise EndedError(self.close()) from None
        except _wire.WireError:
            self.close()
            raise EndedError("garbage") from None
        if not frame:
            raise EndedError(self.close())
        if not isinstance(answer, dict):
            self.close()
            raise EndedError("garbage")
        if answer.get("missing") is True:
            raise MissingError
        if "error" in answer:
            raise SaidError(str(answer["error"])[:500])
        return answer.get("value")


def must_have() -> None:
    """Raise an error that says how to allow the sandbox, if this machine has none."""
    reason = missing()
    if reason:
        raise AssignmentError(HOW_TO_ALLOW.format(reason=reason))


def missing() -> str | None:
    """Say why there can be no sandbox here.

    Returns
    -------
    str or None
        The reason in a few words; None if there can be one.
    """
    if sys.platform != "linux":
        return f"it cannot be had on {sys.platform}"
    if not shutil.which("bwrap"):
        return "it is not installed"
    try:
        with Zygote(()) as zygote, zygote.session() as session:
            session.ask(10, kind="cell", source="")
    except (AssignmentError, EndedError, SaidError) as error:
        return f"it may not work ({' '.join(str(error).split())[:300]})"
    return None


def _environment(folder: str, sandbox: bool) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LANG", "KERAS_BACKEND") if name in os.environ}
    home = "/tmp" if sandbox else folder
    inside = "/course" if sandbox else str(_PACKAGE.parent)
    return (
        kept
        | _SINGLE
        | {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": inside,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONSAFEPATH": "1",
            "HOME": home,
            "TMPDIR": home,
            "MPLCONFIGDIR": home,
            "MPLBACKEND": "Agg",
            "COURSE_DATA": "embedded",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "PIP_NO_INDEX": "1",
        }
    )


def _walls() -> list[str]:
    """Return the command in front: an empty machine with Python, its packages and the course's, without a network."""
    words = ["bwrap", "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid", "--unshare-net"]
    words += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"]
    # Root need not map users, and becomes nobody inside, whom the limit on processes holds; others keep their own user.
    if os.geteuid() == 0:
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN"):  # the last to mount /proc; all are gone then
            words += ["--cap-add", capability]
    else:
        words += ["--unshare-user"]
    for place in ("/usr", "/lib", "/lib64", "/bin"):
        path = Path(place)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), place]
        elif path.exists():
            words += ["--ro-bind", place, place]
    words += ["--perms", "0755", "--dir", "/etc", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    bound = {Path("/usr")}
    made: set[Path] = set()
    for path in _python():
        if any(path.is_relative_to(other) for other in bound):
            continue
        bound.add(path)
        for parent in reversed(path.parents[:-1]):
            if parent not in made:
                made.add(parent)
                words += ["--perms", "0755", "--dir", str(parent)]
        words += ["--ro-bind", str(path), str(path)]
    words += ["--perms", "0755", "--dir", "/course", "--ro-bind", str(_PACKAGE), "/course/course_utils"]
    # Imports want a place to write; every runner gets one of its own on top.
    words += ["--size", str(16 << 20), "--perms", "1777", "--tmpfs", "/tmp", "--dev", "/dev"]
    # bubblewrap hides parts of root's /proc, and then no runner may have a view of its own: the zygote mounts it.
    words += ["--perms", "0755", "--dir", "/proc"] if os.geteuid() == 0 else ["--proc", "/proc"]
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--"]


def _python() -> Iterator[Path]:
    """Yield the folders of the interpreter and of installed packages, outer ones first; never a folder of work."""
    places = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parents[1]), *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        places.add(site.getusersitepackages())
    yield from sorted((path for path in map(Path, places) if path.is_dir()), key=lambda path: len(path.parts))
