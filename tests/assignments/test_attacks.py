"""Attacks on the grader: each may cost its own submission its points, and nobody else anything."""

import csv
import json
import textwrap

import psutil
import pytest

from course_utils import assignments

from .conftest import RIGHT, notebook

pytestmark = [pytest.mark.usefixtures("sandbox"), pytest.mark.slow, pytest.mark.lasting]
WRONG = "def double(x):\n    return 'wrong'"
# A wrong answer with an attack around it, whose points stay 0 of 2 in question 1.
FORGERIES = {
    "equal to everything": """
        class Equal:
            def __eq__(self, other):
                return True
            def __array__(self, *args, **kwargs):
                raise SystemExit
        def double(x):
            return Equal()
    """,
    "lying about itself": """
        import numpy as np
        class Liar(np.ndarray):
            shape = property(lambda self: (1,))
            def __eq__(self, other):
                return np.True_
            def __bool__(self):
                return True
            def __array__(self, *args, **kwargs):
                return np.zeros(3)
        def double(x):
            return np.zeros(3).view(Liar)
    """,
    "a number of its own": """
        class Number(int):
            def __eq__(self, other):
                return True
        def double(x):
            return Number(5)
    """,
    "poisoned pickle": """
        import numpy as np
        class Evil:
            def __reduce__(self):
                return (eval, ("__import__('os')._exit(3)",))
        def double(x):
            return np.array([Evil()], dtype=object)
    """,
    "patched judge": """
        import course_utils.assignments._judge as judge, course_utils.assignments._wire as wire
        judge.Outcome.passed = True
        judge.judge = lambda *args, **kwargs: None
        wire.load = lambda *args, **kwargs: {"passed": True}
        def double(x):
            return "wrong"
    """,
    "patched NumPy and builtins": """
        import builtins, numpy as np
        np.allclose = np.array_equal = lambda *args, **kwargs: True
        builtins.AssertionError = type("Never", (Exception,), {})
        builtins.__import__ = lambda *args, **kwargs: None
        def double(x):
            return "wrong"
    """,
    "patched encoder": """
        import json
        json.dumps = lambda *args, **kwargs: '["dict", [["value", ["model", ["plain", "yes"]]]]]'
        def double(x):
            return "wrong"
    """,
    "garbage on every channel": """
        import os
        answer = b'["dict", [["value", ["int", "0x4"]]]]'
        for channel in range(256):
            try:
                os.write(channel, len(answer).to_bytes(4, "big") + bytes(4) + answer)
            except OSError:
                pass
        def double(x):
            return "wrong"
    """,
    "endless answer": """
        import os, struct
        for channel in range(3, 256):
            try:
                os.write(channel, struct.pack(">II", 4000000000, 4000000000))
            except OSError:
                pass
        def double(x):
            return "wrong"
    """,
    "an array that claims more": """
        import course_utils.assignments._wire as wire
        text = b'["dict", [["value", ["array", ["<f8", [99999999, 999]]]]]]'
        wire.dump = lambda *args: wire._HEAD.pack(len(text), 0) + text
        def double(x):
            return "wrong"
    """,
    "nested without end": """
        import course_utils.assignments._wire as wire
        text = b'["list", [' * 100000
        wire.dump = lambda *args: wire._HEAD.pack(len(text), 0) + text
        def double(x):
            return "wrong"
    """,
    "another answer each time": """
        import itertools
        count = itertools.count()
        def double(x):
            return 2 * x if next(count) % 2 == 0 else 0
    """,
    "remembers what was asked": """
        import os
        def double(x):
            seen = os.path.exists("/tmp/seen")
            open("/tmp/seen", "w").close()
            return 0 if seen else 2 * x
    """,
    "searches for tests": """
        import os
        hits = []
        for folder, folders, files in os.walk("/"):
            if folder.startswith(("/proc", "/usr")) or "site-packages" in folder:
                folders.clear()
            hits += [file for file in files if file in ("master.md", "grades.csv") or file.endswith(".ipynb")]
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "looks for others' work": """
        import os
        hits = [name for name in os.listdir("/tmp") if name == "left-behind"]
        hits += [p for p in os.listdir("/proc") if p.isdigit() and p != "1"]
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "reads the parent's memory": """
        import os
        hits = os.path.exists(f"/proc/{os.getppid()}/mem") or os.getuid() == 0
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "writes where it must not": """
        import os, sys
        hits = []
        for folder in ("/", "/course/course_utils", "/etc", "/dev", sys.prefix, "/usr/lib", "/proc/sys/kernel"):
            try:
                open(folder + "/left", "w")
                hits.append(folder)
            except OSError:
                pass
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "uses the network": """
        import socket
        hits = []
        for address in (("127.0.0.1", 22), ("1.1.1.1", 53), ("10.0.0.1", 80)):
            try:
                socket.create_connection(address, timeout=0.2)
                hits.append(address)
            except OSError:
                pass
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "gets rights of its own": """
        import ctypes
        libc = ctypes.CDLL(None)
        hits = [1] if libc.unshare(0x10000000) == 0 or libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 else []
        def double(x):
            return 2 * x if hits else "nothing found"
    """,
    "changes later cells": """
        shell = get_ipython()
        old = shell.run_cell
        shell.run_cell = lambda source, **options: old("def double(x):\\n    return 'wrong'", **options)
        def double(x):
            return "wrong"
    """,
}
# What would stop or slow down everything else; nothing is asked of its own points but that they are no more than all.
HOGS = {
    "endless loop": "while True:\n    pass",
    "endless loop when asked": "def double(x):\n    while True:\n        pass",
    "sys.exit": "import sys\nsys.exit(3)",
    "os._exit": "import os\nos._exit(3)",
    "kills everybody": """
        import os, signal
        for target in (0, -1, os.getppid(), 1):
            try:
                os.kill(target, signal.SIGKILL)
            except OSError:
                pass
    """,
    "memory": "hog = []\nwhile True:\n    hog.append(bytearray(100_000_000))",
    "memory in many": """
        import os, time
        for _ in range(12):
            if os.fork() == 0:
                hog = b"x" * 600_000_000
                time.sleep(60)
        time.sleep(60)
    """,
    "disk": """
        for place in ("/tmp/hog", "/dev/shm/hog"):
            for number in range(50):
                try:
                    open(f"{place}{number}", "wb").write(b"x" * 50_000_000)
                except OSError:
                    pass
    """,
    "fork bomb": "import os\nwhile True:\n    os.fork()",
    "gigabytes of output": "for _ in range(3000):\n    print('x' * 1_000_000)",
    "gigabytes of answer": "def double(x):\n    return 'x' * 500_000_000",
    "outlives": """
        import subprocess, threading, time
        subprocess.Popen(["sleep", "4242.5"], start_new_session=True)
        open("/tmp/left-behind", "w").close()
        def forever():
            while True:
                time.sleep(0.5)
        threading.Thread(target=forever).start()
    """,
}
HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def graded(masters, tmp_path_factory):
    """Grade all attacks, and honest submissions before, among and behind them."""
    place = tmp_path_factory.mktemp("attacked")
    names = [*FORGERIES, *HOGS]
    for number, name in enumerate(names):
        forged = textwrap.dedent((FORGERIES | HOGS)[name])
        cells = (forged, *RIGHT) if name in HOGS and "def double" not in forged else (RIGHT[1], forged)
        (place / f"{number:02} {name}.ipynb").write_text(notebook(*cells))
        if number % 8 == 0:
            (place / f"{number:02}a honest.ipynb").write_text(notebook(*RIGHT))
    (place / "99 honest.ipynb").write_text(notebook(*RIGHT))
    (place / "98 html.ipynb").write_text(
        notebook(f"def double(x):\n    raise ValueError({HTML!r})", RIGHT[1], f"## 3. Why?\n{HTML}")
    )
    out = tmp_path_factory.mktemp("grades")
    assignments.grade(place, "tiny", out, workers=2, folder=masters)
    with (out / "grades.csv").open() as file:
        rows = {row["student"].partition(" ")[2]: row for row in csv.DictReader(file)}
    return out, rows


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_answer_earns_nothing(graded, name):
    _, rows = graded
    assert rows[name]["status"] == "graded"
    assert float(rows[name]["double"]) in (0, 1) if "remembers" in name else float(rows[name]["double"]) == 0


@pytest.mark.parametrize("name", HOGS)
def test_a_hog_is_stopped_and_the_rest_of_its_questions_judged(graded, name):
    _, rows = graded
    assert rows[name]["status"] == "graded"
    assert float(rows[name]["numbers"]) == 1, "what it did not spoil counts"


def test_whoever_is_honest_gets_all_points(graded):
    out, _ = graded
    honest = [row for row in csv.DictReader((out / "grades.csv").open()) if row["student"].endswith("honest")]
    assert len(honest) == 5
    assert {(row["double"], row["numbers"]) for row in honest} == {("2.0", "1.0")}


def test_nothing_outlives_the_grading(graded):
    assert not [p for p in psutil.process_iter(["cmdline"]) if "4242.5" in " ".join(p.info["cmdline"] or ())]


def test_what_students_write_cannot_act_on_the_pages(graded):
    out, _ = graded
    pages = [page.read_text() for page in [*(out / "feedback").iterdir(), *(out / "oral").iterdir()]]
    assert any("&lt;script&gt;" in page for page in pages)
    assert not any("<script" in page or "<img" in page for page in pages)


def test_a_cell_that_was_left_out_is_named(graded):
    out, rows = graded
    result = json.loads((out / "results" / f"{rows['endless loop']['key']}.json").read_text())
    # On a machine that is busy with other things the clock may run out before the processor time does.
    reasons = ("took more processor time than it may", "took too long")
    assert result["notes"] in [[f"Code cell 1 {reason} and was left out."] for reason in reasons]
