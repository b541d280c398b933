"""Runs on the workers of a cluster: none is lost when a worker is, and none is written twice."""

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console

from course_utils.experiments import ExperimentError, _bench, _results, bench

pytestmark = pytest.mark.lasting

distributed = pytest.importorskip("distributed", reason="install the extra: pip install .[cluster]")

NAMES = ["spiral-dense", "spiral-falling"]
IDENTITY = {"data": {}, "training": {"epochs": 1}}

# Stands for a training: leaves a sign that it began, waits to be let on, and leaves what a measured run leaves.
TRAINING = """
import json, os, sys, time
from pathlib import Path
from course_utils.experiments import _measure
_measure._end_with_parent()
name, seed, folder = sys.argv[3], int(sys.argv[4]), Path(sys.argv[5])
folder.mkdir(parents=True, exist_ok=True)
Path(os.environ["SIGNS"], f"{name}-{seed}-{os.getpid()}").touch()
while not Path(os.environ["SIGNS"], "go on").exists():
    time.sleep(0.02)
line = {"name": name, "seed": seed, "on": "test", "accuracy": 0.5, "minutes": 0.1, "data": "real"}
line |= {"hardware": "of the worker", "identity": IDENTITY}
(folder / "state.json").write_text(json.dumps({"history": [{}], "line": line}))
"""


@pytest.fixture
def signs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SIGNS", str(tmp_path / "signs"))
    (tmp_path / "signs").mkdir()
    return tmp_path / "signs"


@pytest.fixture
def cluster(tmp_path, signs, monkeypatch):
    """Two workers, processes of their own, in which the stand-in above is what trains."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\n" + TRAINING.replace("IDENTITY", repr(IDENTITY)))
    program.chmod(0o755)
    preload = tmp_path / "stand_in.py"
    preload.write_text(
        "import types\nfrom course_utils.experiments import _bench\n"
        f"_bench.sys = types.SimpleNamespace(executable={str(program)!r})\n"
    )
    monkeypatch.setattr(_bench, "identities", lambda: dict.fromkeys(NAMES, IDENTITY))
    two = {"n_workers": 2, "threads_per_worker": 2, "dashboard_address": None, "preload": [str(preload)]}
    with distributed.LocalCluster(**two) as running:
        yield running


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.05)
    return found


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_no_run_and_none_is_written_twice(cluster, signs, tmp_path):
    path = tmp_path / "results.jsonl"
    quiet = Console(quiet=True)
    with ThreadPoolExecutor() as pool:
        bench_of = pool.submit(bench, NAMES, 3, path, quiet, cluster.scheduler_address)
        wait_for(lambda: len(list(signs.iterdir())) == 2)
        with distributed.Client(cluster) as client:
            victim, *_ = client.run(os.getpid).values()
        os.kill(victim, signal.SIGKILL)
        first = [sign.name.rpartition("-")[2] for sign in signs.iterdir()]
        wait_for(lambda: any(not alive(int(pid)) for pid in first))  # its training ended with it
        wait_for(lambda: len(list(signs.iterdir())) == 3)  # and the run began again
        assert not path.exists()
        (signs / "go on").touch()
        assert bench_of.result(timeout=120) == 6
    lines = [json.loads(text) for text in path.read_text().splitlines()]
    assert sorted((line["name"], line["seed"]) for line in lines) == [
        (name, seed) for name in NAMES for seed in range(3)
    ]
    assert {line["hardware"] for line in lines} == {"of the worker"}
    assert bench(NAMES, 3, path, quiet, cluster.scheduler_address) == 0, "what was measured is not measured again"


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
        return stat.read().split()[2] != "Z"


@pytest.mark.slow
def test_a_worker_with_another_course_is_refused(cluster, signs, tmp_path, monkeypatch):
    (signs / "go on").touch()
    other = IDENTITY | {"training": {"epochs": 2}}
    monkeypatch.setattr(_bench, "identities", lambda: dict.fromkeys(NAMES, other))
    with pytest.raises(ExperimentError, match="another course than this machine: spiral-dense, training epochs 1 → 2"):
        bench(NAMES[:1], 1, tmp_path / "results.jsonl", Console(quiet=True), cluster.scheduler_address)
    assert _results.read(tmp_path / "results.jsonl") == []


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(_bench, "identities", lambda: dict.fromkeys(NAMES, IDENTITY))
    with pytest.raises(ExperimentError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9"):
        bench(NAMES, path=tmp_path / "results.jsonl", scheduler="tcp://127.0.0.1:9")
