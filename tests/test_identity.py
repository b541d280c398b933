"""Exactly the runs that depend on a change go stale, and the message says what changed."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from course_utils import experiments
from course_utils.data import editions
from course_utils.experiments import ExperimentError, _current, _identity, differences, in_short
from course_utils.record import _source, fingerprint

ROOT = Path(__file__).parent.parent
# One of each kind of data, and both where two share a file.
NAMES = {"spiral-dense", "spiral-falling", "mnist-vgg", "mnist-small", "fashion-small", "cats-two-blocks", "cats-tenth"}
NAMES |= {"published-conv-24"}

# Edits that alter no result, one of each kind that used to make nearly everything stale.
HARMLESS = [
    ("data/_download.py", "the download failed", "the download came to nothing"),
    ("data/_catalogue.py", 'licence="CC BY-SA 3.0"', 'licence="CC BY-SA 4.0"'),
    ("experiments/_definition.py", "steps_per_epoch: int", 'steps_per_epoch: "int"'),
    ("data/_photos.py", '"IProgress not found"', '"IProgress was not found"'),
    ("pets/_body.py", 'coat.pattern == "stripes"', 'coat.pattern == "dots"'),
    ("data/_unpack.py", "delay=2", "delay=3"),
    ("experiments/_mnist.py", "digits = mnist()", "digits = mnist(\n    )"),
]
# Edits that alter results, those of one group concern different experiments; and for each what its message says.
HARMFUL = {
    "a layer's width, epochs, batch size, learning rate": (
        [
            ("experiments/_cats.py", "_WIDER = (48, 48, 96", "_WIDER = (48, 56, 96"),
            ("experiments/_mnist.py", "_CYCLE_EPOCHS = 3, 6", "_CYCLE_EPOCHS = 3, 7"),
            ("experiments/_fashion.py", "_BATCH = 128", "_BATCH = 64"),
            ("experiments/_spiral.py", "rate: float = _FAST", "rate: float = 0.004"),
        ],
        {
            "cats-tenth": "network, layer 4 (Conv2D): filters 48 → 56",
            "mnist-small": "training epochs 6 → 7",
            "fashion-small": "batches steps 422 → 844",
            "spiral-falling": "training optimizer learning_rate initial_learning_rate 0.003 → 0.004",
        },
    ),
    "a loss's smoothing; shuffling removed behind an aliased import": (
        [
            ("experiments/_cats.py", "smoothing: float = 0.05", "smoothing: float = 0.1"),
            ("experiments/_mnist.py", "import in_memory", "import in_memory as batched"),
            ("experiments/_mnist.py", "return in_memory(", "return batched("),
            ("experiments/_mnist.py", "return in_memory(", "return batched("),
            (
                "experiments/_batches.py",
                "np.random.default_rng([seed, epoch]).permutation(len(y))",
                "np.arange(len(y))",
            ),
        ],
        {
            "cats-tenth": "training loss label_smoothing 0.05 → 0.1",
            **dict.fromkeys(NAMES - {"cats-tenth", "cats-two-blocks"}, "batches epoch 1 labels"),
        },
    ),
    "the crop's range; a split's seed": (
        [
            ("experiments/_cats.py", "else 1.0, 1.2)", "else 1.0, 1.21)"),
            ("experiments/_mnist.py", "random_state=0", "random_state=1"),
        ],
        {"cats-tenth": "batches epoch 1 means", "mnist-small": "batches epoch 1"},
    ),
    "the photographs' split; one changed pixel": (
        [
            ("experiments/_cats.py", "_SPLIT_SEED = 1", "_SPLIT_SEED = 2"),
            (
                "data/_images.py",
                "_read_npz(entry, *paths), ",
                "[a ^ (np.indices(a.shape).sum(0) == sum(a.shape) - a.ndim) for a in _read_npz(entry, *paths)][:1]"
                " + _read_npz(entry, *paths)[1:], ",
            ),
        ],
        {
            "cats-tenth": "batches epoch 1 labels",
            "mnist-vgg": "data mnist stand-in",
            "mnist-small": "data mnist stand-in",
        },
    ),
    "which of the photographs; another edition of the digits": (
        [
            ("experiments/_size.py", "_EACH, _TEST_EACH = 2560", "_EACH, _TEST_EACH = 2550"),
            ("data/_catalogue.py", f'"real": ("{editions("mnist")[0]}"', '"real": ("of tomorrow"'),
        ],
        {
            "published-conv-24": "batches examples 4096 → 4080",
            "mnist-vgg": "data mnist edition",
            "mnist-small": "data mnist edition",
        },
    ),
}

# Imports the package anew from each folder, and TensorFlow once.
IDENTIFY = """
import importlib, sys
from pathlib import Path
import tensorflow
names, *folders = sys.argv[1:]
for folder in folders:
    for module in [m for m in sys.modules if m.partition('.')[0] == 'course_utils']:
        del sys.modules[module]
    sys.path.insert(0, folder)
    importlib.import_module('course_utils.experiments._identify').main(Path(folder, 'found.json'), names.split())
    known = importlib.import_module('course_utils.data').editions
    Path(folder, 'mnist.txt').write_text(known('mnist')[0])
"""


def identify(*folders, **surroundings):
    """State what the experiments of packages in these folders are made of, in a process of its own."""
    command = [sys.executable, "-c", IDENTIFY, " ".join(sorted(NAMES)), *map(str, folders)]
    done = subprocess.run(command, env=os.environ | surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads((folder / "found.json").read_text()) for folder in folders]


# What experiments are made of.
ROOMS = ("__init__.py", "_cluster.py", "convolution", "data", "evaluation", "experiments", "network", "pets", "record")


def edited(folder, edits, rooms=ROOMS):
    """Copy rooms of the package and edit them."""
    for name in rooms:
        source, copy = ROOT / "course_utils" / name, folder / "course_utils" / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    for name, old, new in edits:
        path = folder / "course_utils" / name
        before = path.read_text(encoding="utf-8")
        assert before.count(old) >= 1, f"{name} holds no {old!r} any more"
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
    return folder


def takes_minutes(test):
    """Mark a test that asks nobody but the package."""
    return pytest.mark.slow(pytest.mark.lasting("course_utils/__init__.py", "course_utils/convolution")(test))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What experiments are made of: as they are, after harmless edits, and after each group of harmful ones."""
    groups = {"as it is": [], "harmless": HARMLESS, **{name: edits for name, (edits, _) in HARMFUL.items()}}
    folders = [edited(tmp_path_factory.mktemp("package"), edits) for edits in groups.values()]
    identities = identify(*folders)
    return {name: (folder, identity) for name, folder, identity in zip(groups, folders, identities, strict=True)}


def line_of(identity, folder):
    """What a measured run would hold: with the edition of the data that it was trained on."""
    digits = (folder / "mnist.txt").read_text()
    data = {
        name: {"edition": digits if name == "mnist" else editions(name)[0], **d} for name, d in identity["data"].items()
    }
    return identity | {"data": data}


@takes_minutes
def test_what_alters_no_result_makes_no_run_stale(found):
    _, before = found["as it is"]
    _, after = found["harmless"]
    assert {name: differences(before[name], after[name]) for name in NAMES} == {name: [] for name in NAMES}


def test_what_alters_no_result_makes_no_chapter_stale(tmp_path, monkeypatch):
    chapters = {path.stem: nbformat.read(path, 4) for path in (ROOT / "chapters").glob("*.ipynb")}
    then = {name: fingerprint(chapter) for name, chapter in chapters.items()}
    whole = [path.name for path in (ROOT / "course_utils").iterdir() if path.name != "__pycache__"]
    monkeypatch.setattr(_source, "_PACKAGE", edited(tmp_path, HARMLESS, whole) / "course_utils")
    _source._definitions.cache_clear()
    changed = {name for name, chapter in chapters.items() if fingerprint(chapter) != then[name]}
    _source._definitions.cache_clear()
    # Other coats concern nobody who has photographs, but a chapter that draws pets itself.
    assert changed == {
        name
        for name, chapter in chapters.items()
        if any("draw_pets(" in c.source for c in chapter.cells if c.cell_type == "code")
    }


@takes_minutes
@pytest.mark.parametrize("group", HARMFUL)
def test_what_alters_a_result_makes_exactly_its_runs_stale_and_says_what_changed(found, group):
    old_folder, before = found["as it is"]
    folder, after = found[group]
    lines = {name: (line_of(before[name], old_folder), line_of(after[name], folder)) for name in NAMES}
    messages = {name: in_short(changed) for name, (then, now) in lines.items() if (changed := differences(then, now))}
    expected = HARMFUL[group][1]
    assert set(messages) == set(expected)
    for name, words in expected.items():
        assert words in messages[name]


@takes_minutes
def test_an_identity_is_the_same_with_other_threads_and_instruction_sets(found, tmp_path):
    _, before = found["as it is"]
    plain = {"ONEDNN_MAX_CPU_ISA": "SSE41", "TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "1"}
    plain |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "NPY_DISABLE_CPU_FEATURES": dispatched()}
    (after,) = identify(edited(tmp_path, []), **plain)
    assert {name: differences(before[name], after[name]) for name in NAMES} == {name: [] for name in NAMES}


def dispatched():
    """The instruction sets beyond the least that NumPy would use on this machine."""
    return " ".join(np.show_config(mode="dicts")["SIMD Extensions"]["found"])


# --- comparing --------------------------------------------------------------------------------------------------------

NOW = {
    "data": {"mnist": {"stand-in": "a"}},
    "batches": {"steps": 10, "epoch 1": {"labels": ["x", "y"], "means": [[0.5, 0.25]]}},
    "network": [{"layer": "Dense", "units": 5}, {"layer": "ReLU"}],
    "training": {"epochs": 3, "optimizer": {"is": "Adam", "learning_rate": 1e-6}, "metrics": ["accuracy"]},
    "versions": {"keras": "3.15", "tensorflow": "2.21"},
}
THEN = NOW | {"data": {"mnist": {"edition": editions("mnist")[0], "stand-in": "a"}}}


def test_a_run_counts_as_long_as_nothing_that_it_is_made_of_has_changed():
    assert experiments.changes(THEN, NOW) == []
    assert differences(NOW, json.loads(json.dumps(NOW))) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": {"mnist": {"stand-in": "b"}}}, "data mnist stand-in a → b"),
        ({"network": [{"layer": "Dense", "units": 6}, {"layer": "ReLU"}]}, "network, layer 0 (Dense): units 5 → 6"),
        ({"network": NOW["network"] + [{"layer": "Dropout", "rate": 0.5}]}, "network, layer 2 (Dropout): "),
        ({"training": NOW["training"] | {"optimizer": {"is": "Adam", "learning_rate": 1.1e-6}}}, "1e-06 → 1.1e-06"),
        ({"training": NOW["training"] | {"metrics": []}}, "training metrics ['accuracy'] → []"),
        ({"versions": {"keras": "3.16", "tensorflow": "2.21"}}, "versions keras 3.15 → 3.16"),
        ({"batches": NOW["batches"] | {"epoch 1": {"labels": ["y", "x"], "means": [[0.5, 0.25]]}}}, "labels"),
        ({"batches": NOW["batches"] | {"epoch 1": {"labels": ["x", "y"], "means": [[0.501, 0.25]]}}}, "means"),
    ],
)
def test_what_changed_is_said(change, message):
    [found] = experiments.changes(THEN, NOW | change)
    assert message in found


def test_the_last_digits_of_means_do_not_count():
    rounded = NOW["batches"] | {"epoch 1": {"labels": ["x", "y"], "means": [[0.500001, 0.2499999]]}}
    assert differences(NOW, NOW | {"batches": rounded}) == []


def test_a_line_without_an_identity_is_stale_and_no_obstacle():
    places = {found.partition(" ")[0].rstrip(",") for found in experiments.changes({}, NOW)}
    assert places == set(NOW)


def test_a_run_on_an_edition_that_the_course_does_not_name_is_stale():
    then = THEN | {"data": {"mnist": {"edition": "of somebody", "stand-in": "a"}}}
    assert experiments.changes(then, NOW) == [f"data mnist edition of somebody → {editions('mnist')[0]}"]


def test_another_minor_version_of_keras_counts_and_a_patch_does_not(monkeypatch):
    def versions(keras):
        monkeypatch.setattr(importlib.metadata, "version", lambda name: {"keras": keras}.get(name, "2.21.0"))
        return _identity._versions()

    assert versions("3.15.1") == versions("3.15.2") == {"keras": "3.15", "tensorflow": "2.21"}
    assert differences({"versions": versions("3.15.1")}, {"versions": versions("3.16.0")}) == [
        "versions keras 3.15 → 3.16"
    ]


def test_of_many_differences_the_first_are_told_and_the_rest_counted():
    assert in_short(["a", "b"]) == "a; b"
    assert in_short(list("abcde")) == "a; b; c and 2 more"


def test_a_network_is_stated_by_what_is_not_the_default_and_by_what_each_layer_follows():
    import keras
    from keras import layers

    inputs = keras.Input((4,))
    left, right = layers.Dense(3, activation="relu")(inputs), layers.Dense(3, use_bias=False, name="mine")(inputs)
    model = keras.Model(inputs, layers.Add()([left, right]))
    _, *stated = _identity._layers(model)
    assert stated == [
        {"layer": "Dense", "units": 3, "activation": "relu"},
        {"layer": "Dense", "units": 3, "use_bias": False, "after": [0]},
        {"layer": "Add", "after": [1, 2]},
    ]


def test_every_measured_run_holds_what_it_was_made_of():
    lines = [json.loads(text) for text in (ROOT / "book" / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 37
    for line in lines:
        assert set(line["identity"]) == {"data", "batches", "network", "training", "versions"}
        assert all(entry["edition"] for entry in line["identity"]["data"].values())


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """Count how often another process is asked."""
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    calls = []

    def run(command, **options):
        calls.append(command)
        Path(command[3]).write_text('{"one": {}}')
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(_current.subprocess, "run", run)
    return calls


def test_identities_are_asked_for_once_and_again_when_the_code_or_a_version_has_changed(asked, monkeypatch):
    assert experiments.identities() == experiments.identities() == {"one": {}}
    assert len(asked) == 1
    monkeypatch.setattr(_current, "_version", lambda name: "of tomorrow")
    _current._digest.cache_clear()
    experiments.identities()
    _current._digest.cache_clear()
    assert len(asked) == 2


def test_when_they_cannot_be_found_out_the_reason_is_told_and_nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    failed = subprocess.CompletedProcess([], 1, stderr="Traceback\nModuleNotFoundError: No module named 'tensorflow'\n")
    monkeypatch.setattr(_current.subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(ExperimentError, match="cannot be found out: ModuleNotFoundError: No module named 'tensorflow'"):
        experiments.identities()
    assert not list((tmp_path / "cache").rglob("*.json"))
