"""Experiments are found, trained resumably, measured and quoted."""

import json
import math
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import data, experiments
from course_utils.experiments import (
    Data,
    Experiment,
    ExperimentError,
    Published,
    _alone,
    _bench,
    _every,
    _measure,
    _models,
    _results,
    find,
)
from course_utils.experiments._batches import in_memory
from course_utils.record import note, own_ledger, used

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]

RUN = {
    "name": "cats-sprint",
    "seed": 0,
    "accuracy": 0.9,
    "accuracy_mirrored": 0.91,
    "minutes": 1.5,
    "on": "validation",
    "hardware": "2 cores",
    "minutes_to": {"0.75": 0.4},
    "history": [],
}


@pytest.fixture
def results_file(tmp_path, monkeypatch):
    path = tmp_path / "results.jsonl"
    monkeypatch.setattr(_results, "_PACKAGED", path)

    def write(*runs):
        path.write_text("".join(json.dumps(RUN | run) + "\n" for run in runs), encoding="utf-8")
        return path

    return write


# --- the list ---------------------------------------------------------------------------------------------------------


def test_every_experiment_has_a_name_of_its_own_and_each_recipe_an_answer_in_its_chapter():
    every = find()
    assert len({e.name for e in every}) == len(every)
    assert {e.chapter for e in every if e.role == "recipe"} <= {e.chapter for e in every if e.role == "answer"}
    assert all(e.published is None for e in every if e.role == "answer")


def test_an_experiment_is_found_by_name_and_those_of_a_chapter_by_its_topic():
    assert [e.name for e in find(["cats-sprint"])] == ["cats-sprint"]
    assert {e.chapter for e in find(["cats-vs-dogs"])} == {"cats-vs-dogs"}
    assert len(find(["cats-sprint", "cats-vs-dogs"])) == len(find(["cats-vs-dogs"]))


def test_a_name_that_is_nearly_right_gets_the_right_one_back():
    with pytest.raises(ExperimentError, match="did you mean 'cats-sprint'"):
        find(["cats-sprnt"])
    with pytest.raises(ExperimentError, match=r"there are: .*mnist-vgg"):
        find(["quantum"])


@pytest.mark.parametrize("experiment", find(), ids=lambda e: e.name)
def test_every_network_can_be_built_and_measures_accuracy(experiment):
    model = experiment.build(100)
    assert model.count_params() > 0
    assert model.optimizer is not None
    assert experiment.published is None or 0 < experiment.published.accuracy < 1


def test_the_networks_that_the_chapters_count_have_as_many_parameters_as_the_chapters_say():
    def parameters(name):
        return find([name])[0].build(100).count_params()

    assert parameters("cats-three-blocks") == 6_534_786
    assert parameters("fashion-tutorial") == 804_554
    assert parameters("fashion-small") == parameters("few-convolutions-steady") == 101_466
    assert parameters("few-patches-steady") == 34_954
    assert parameters("spiral-dense") == 149_637


# --- batches ----------------------------------------------------------------------------------------------------------


def test_an_epoch_has_every_example_once_in_an_order_of_its_own_that_comes_again():
    X, y = np.arange(10, dtype="float32")[:, None], np.arange(10)
    data = in_memory((X, y), (X, y), batch_size=4, seed=1, source="real")

    def order(epoch):
        return np.concatenate([labels.numpy() for _, labels in data.training(epoch)]).tolist()

    assert sorted(order(0)) == list(range(10))
    assert order(0) == order(0) != order(1)
    assert data.steps_per_epoch == len(list(data.training(0))) == 3
    assert [labels.numpy().tolist() for _, labels in data.validation] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_boxes_lie_inside_the_image_and_half_of_them_mirror_it():
    from course_utils.experiments._cats import random_boxes

    boxes = random_boxes(2000, 0.6).numpy()
    assert boxes.min() >= 0
    assert boxes.max() <= 1 + 1e-6
    assert (boxes[:, 2] - boxes[:, 0] > 0.6 - 1e-6).all()
    assert 0.4 < np.mean(boxes[:, 3] < boxes[:, 1]) < 0.6


# --- results ----------------------------------------------------------------------------------------------------------


def test_results_are_the_same_when_the_chapter_about_them_gets_another_name(results_file):
    results_file({"chapter": "cats"})
    before = _results.results_digest("cats-sprint")
    results_file({"chapter": "dogs"})
    assert _results.results_digest("cats-sprint") == before
    results_file({"chapter": "dogs", "accuracy": 0.8})
    assert _results.results_digest("cats-sprint") != before


def test_the_last_run_of_a_seed_counts(results_file):
    results_file({"accuracy": 0.1}, {"seed": 1}, {"accuracy": 0.8})
    assert experiments.results("cats-sprint")["accuracy"].tolist() == [0.8, 0.9]


def test_a_binding_quotes_the_last_epoch_and_extremes_and_knows_how_far_the_seeds_lie_apart(results_file):
    path = results_file(
        *(
            {"seed": i, "history": [{"accuracy": 0.5}, {"accuracy": a, "val_loss": 1 - a}]}
            for i, a in enumerate([0.5, 0.75])
        )
    )
    name = RUN["name"]
    quoted = {
        field: experiments.quoted(f"{name}.{field}", path)
        for field in ("training_accuracy", "training_accuracy_max", "validation_loss_min")
    }
    assert quoted == {"training_accuracy": 0.625, "training_accuracy_max": 0.75, "validation_loss_min": 0.25}
    assert experiments.spread(f"{name}.training_accuracy", path) == 0.25
    assert experiments.spread(f"{name}.training_accuracy_max", path) == 0
    assert experiments.spread(f"{name}.seeds", path) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_what_was_right_survives_packing(right):
    assert _results._unpacked(_results.pack(np.array(right)), len(right)).tolist() == right


def test_one_hot_labels_single_outputs_and_logits_are_judged_alike():
    import keras

    y = np.array([0, 1, 1, 0, 1])
    x = np.array([-2, 3, -1, -4, 5], np.float32)[:, np.newaxis]  # the third is wrong

    def model(outputs, activation):
        built = keras.Sequential([keras.Input((1,)), keras.layers.Dense(outputs, activation=activation)])
        built.layers[0].set_weights([np.ones((1, 1)) if outputs == 1 else np.array([[-1, 1]]), np.zeros(outputs)])
        return built

    cases = [
        (model(1, "sigmoid"), y[:, np.newaxis]),
        (model(1, None), y[:, np.newaxis]),
        (model(2, "softmax"), y),
        (model(2, "softmax"), np.eye(2)[y]),
    ]
    for built, labels in cases:
        assert _measure._right(built, [(x[:3], labels[:3]), (x[3:], labels[3:])]).tolist() == [
            True,
            True,
            False,
            True,
            True,
        ]


def test_a_readers_run_has_its_place_among_the_recorded_seeds(results_file):
    results_file({"seed": 0, "accuracy": 0.9}, {"seed": 1, "accuracy": 0.8}, {"seed": 2, "accuracy": 0.7})
    assert experiments.among_seeds(RUN["name"], 0.75) == "0.75: 3rd of 3"
    with pytest.raises(ExperimentError, match="has no measured run"):
        experiments.among_seeds("nobody", 0.75)


def test_a_binding_quotes_the_median_the_range_and_the_number_of_seeds(results_file):
    path = results_file(*({"seed": i, "accuracy": a} for i, a in enumerate([0.8, 0.95, 0.9])))
    quoted = {
        field: experiments.quoted(f"cats-sprint.{field}", path) for field in ("accuracy", "accuracy_min", "seeds")
    }
    assert quoted == {"accuracy": 0.9, "accuracy_min": 0.8, "seeds": 3}
    assert experiments.quoted("cats-sprint.accuracy_max", path) == 0.95
    assert experiments.quoted("cats-sprint.minutes_to_0.75", path) == 0.4


def test_a_binding_quotes_how_many_times_as_long_one_took_as_another(results_file):
    path = results_file({"minutes": 3.0}, {"seed": 1, "minutes": 5.0}, {"name": "cats-steady", "minutes": 10.0})
    assert experiments.quoted("cats-steady.minutes_over_cats-sprint", path) == 2.5


def test_a_time_counts_only_if_the_run_had_the_machine_for_itself(results_file):
    busy = {"minutes": 30.0, "minutes_to": {"0.75": 9.0}, "accuracy": 0.5, "share_of_others": 0.4}
    path = results_file({"minutes": 3.0}, {"seed": 1, **busy}, {"seed": 2, "minutes": 5.0, "share_of_others": 0.05})
    assert experiments.quoted("cats-sprint.minutes", path) == 4.0
    assert experiments.quoted("cats-sprint.minutes_max", path) == 5.0
    assert experiments.quoted("cats-sprint.minutes_to_0.75", path) == 0.4
    assert experiments.quoted("cats-sprint.accuracy_min", path) == 0.5
    assert experiments.quoted("cats-sprint.seeds", path) == 3
    assert experiments.quoted("cats-sprint.minutes", results_file(busy)) == 30.0


def test_the_share_of_others_is_what_is_left_of_the_busy_time(monkeypatch):
    # In seconds: of the clock, of all processors, of this process.
    moments = iter([(100.0, 50.0, 7.0), (110.0, 66.0, 17.0), (110.0, 50.0, 12.0), (100.0, 90.0, 7.0)])
    monkeypatch.setattr(_alone, "_now", lambda: next(moments))
    monkeypatch.setattr(_alone.psutil, "cpu_count", lambda: 2)
    alone = _alone.Alone()
    assert alone.share_of_others() == pytest.approx((16 - 10) / (10 * 2))
    assert alone.share_of_others() == 0.0  # a tick of the clock was rounded the other way
    assert alone.share_of_others() == 0.0  # no time has passed


def test_times_of_different_hardware_are_neither_compared_nor_summarised(results_file):
    other = {"hardware": "64 cores", "minutes": 1.0}
    path = results_file({"minutes": 3.0}, {"name": "cats-steady", **other})
    message = (
        r"cannot be compared: cats-steady, seed 0 on 64 cores; cats-sprint, seed 0 on 2 cores\. Measure them on one"
    )
    with pytest.raises(ExperimentError, match=message):
        experiments.quoted("cats-steady.minutes_over_cats-sprint", path)
    with pytest.raises(ExperimentError, match=message):
        experiments.same_hardware("cats-steady", "cats-sprint", path=path)
    assert experiments.same_hardware("cats-sprint", path=path) == "2 cores"

    path = results_file({"minutes": 3.0}, {"seed": 1, **other})
    for field in ("minutes", "minutes_to_0.75"):
        with pytest.raises(ExperimentError, match="seed 0 on 2 cores; cats-sprint, seed 1 on 64 cores"):
            experiments.quoted(f"cats-sprint.{field}", path)
    assert experiments.quoted("cats-sprint.accuracy", path) == 0.9


def test_what_was_not_measured_cannot_be_quoted_and_the_message_says_what_was(results_file):
    path = results_file({})
    with pytest.raises(ExperimentError, match=r"no 'accurracy'; it has .*accuracy, .*minutes_to_0.75, .*seeds"):
        experiments.quoted("cats-sprint.accurracy", path)
    with pytest.raises(ExperimentError, match=r"course bench mnist-vgg\. Measured so far: cats-sprint"):
        experiments.quoted("mnist-vgg.accuracy", path)
    with pytest.raises(ExperimentError, match="'mnist-vgg' has no measured run"):
        experiments.results("mnist-vgg")


def test_a_damaged_line_is_named(results_file):
    path = results_file({})
    path.write_text(path.read_text() + '{"name": "cats-')
    with pytest.raises(ExperimentError, match="line 2: is no measured run"):
        experiments.results("cats-sprint")


def test_results_that_were_read_are_noted_with_a_digest_that_new_runs_change(results_file):
    with own_ledger():
        results_file({})
        experiments.results("cats-sprint")
        then = used("results")["cats-sprint"]
    assert experiments.results_digest("cats-sprint") == then
    results_file({"identity": {"what it was": "made of"}})
    assert experiments.results_digest("cats-sprint") == then, "what was measured is the same"
    results_file({"accuracy": 0.5})
    assert experiments.results_digest("cats-sprint") != then
    assert experiments.results_digest("mnist-vgg") is None


def test_a_line_that_is_there_is_not_added_again(tmp_path):
    path = tmp_path / "results.jsonl"
    assert _results.append(RUN, path)
    assert not _results.append(dict(reversed(RUN.items())), path)
    assert _results.append(RUN | {"seed": 1}, path)
    assert len(path.read_text().splitlines()) == 2


def test_the_time_to_an_accuracy_is_that_of_the_first_epoch_that_reached_it():
    history = [{"minutes": m, "val_accuracy": a} for m, a in [(1, 0.7), (2, 0.91), (3, 0.89)]]
    assert _results.minutes_to(history) == {"0.6": 1, "0.7": 1, "0.75": 2, "0.8": 2, "0.85": 2, "0.9": 2}


# --- measuring --------------------------------------------------------------------------------------------------------


EDITION = data.editions("photo")[0]


def tiny_load(seed):
    note("data", "photo", {"source": "real", "edition": EDITION})
    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, 8, 8, 3)).astype("float32")
    y = (X.mean(axis=(1, 2, 3)) > 0).astype("int64")
    return in_memory((X, y), (X, y), test=(X, y), batch_size=16, seed=seed, source="real")


def tiny_build(steps):
    import keras

    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


IDENTITY = {"data": {"photo": {"stand-in": "a"}}, "training": {"epochs": 3}}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """An experiment of three epochs that is measured in this process."""
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    experiment = Experiment(
        "tiny", "99-tiny", "answer", "tiny", tiny_load, tiny_build, 3, Published(0.5, "test"), mirrored=True
    )
    monkeypatch.setattr(_every, "EVERY", (experiment,))
    monkeypatch.setattr(_measure, "_gigaflops", lambda: 1.0)
    for module in (_bench, _measure, _models):
        monkeypatch.setattr(module, "identities", lambda: {"tiny": IDENTITY})

    def run(turn):
        folder = _bench._folder(*turn)
        _measure.measure(_every.one(turn[0]), turn[1], folder)
        return _measure.finished_state(folder)["line"]

    monkeypatch.setattr(_bench, "_run", run)
    with own_ledger():
        yield experiment


def test_a_run_is_measured_and_appended_once(tiny, tmp_path, capsys):
    path = tmp_path / "results.jsonl"
    assert experiments.bench(["tiny"], seeds=2, path=path) == 2
    runs = _results.read(path)
    assert [run["seed"] for run in runs] == [0, 1]
    for run in runs:
        assert len(run["history"]) == 3
        assert run["on"] == "test"
        assert run["parameters"] == 4
        assert 0 <= run["accuracy"] <= 1
        assert 0 <= run["accuracy_mirrored"] <= 1
        right = _results._unpacked(run["right"], run["n_held_out"])
        assert right.mean() == pytest.approx(run["accuracy"], abs=1e-5)
        assert run["images_per_second"] > 0
        assert "model" not in run
        assert run["identity"] == IDENTITY | {"data": {"photo": {"edition": EDITION, "stand-in": "a"}}}
    assert runs[0]["history"] != runs[1]["history"]
    assert experiments.bench(["tiny"], seeds=2, path=path) == 0
    assert "measured before" in capsys.readouterr().out


def test_a_stopped_run_goes_on_with_the_next_epoch_and_ends_as_if_it_had_not_been_stopped(tiny, tmp_path, monkeypatch):
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    experiments.bench(["tiny"], seeds=1, path=whole)

    epochs = stopping(monkeypatch, after=2)
    with pytest.raises(KeyboardInterrupt):
        experiments.bench(["tiny"], seeds=1, path=stopped)
    assert not stopped.exists()
    experiments.bench(["tiny"], seeds=1, path=stopped)
    assert epochs == [1, 2, 3]

    def losses(path):
        return [epoch["loss"] for epoch in _results.read(path)[0]["history"]]

    assert losses(stopped) == pytest.approx(losses(whole), rel=1e-4)


def stopping(monkeypatch, after):
    """Stop the next run after so many epochs; return the list of epochs that are trained from now on."""
    keep, epochs = _measure._keep, []

    def stop(model, state, folder):
        keep(model, state, folder)
        epochs.append(len(state["history"]))
        if len(epochs) == after:
            raise KeyboardInterrupt

    monkeypatch.setattr(_measure, "_keep", stop)
    return epochs


@pytest.mark.parametrize("what", ["other data", "another definition"])
def test_a_run_that_is_resumed_on_other_data_or_after_a_change_begins_anew(tiny, tmp_path, monkeypatch, capsys, what):
    epochs = stopping(monkeypatch, after=2)
    with pytest.raises(KeyboardInterrupt):
        experiments.bench(["tiny"], seeds=1, path=tmp_path / "results.jsonl")
    if what == "other data":
        monkeypatch.setitem(globals(), "EDITION", "of the embedded sample")
    else:
        monkeypatch.setattr(_measure, "identities", lambda: {"tiny": IDENTITY | {"training": {"epochs": 4}}})
    experiments.bench(["tiny"], seeds=1, path=tmp_path / "results.jsonl")
    assert epochs == [1, 2, 1, 2, 3]
    assert "it begins anew" in capsys.readouterr().out


def test_a_run_that_another_process_is_at_is_refused_in_a_sentence(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(_measure, "_PATIENCE", 0)
    folder = _bench._folder("tiny", 0)
    folder.parent.mkdir(parents=True)
    hold = (
        "import pathlib, sys; from course_utils.record import lock_on\n"
        f"with lock_on(pathlib.Path({str(folder)!r})): print(); sys.stdin.read()"
    )
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-uc", hold], **piped) as other:
        other.stdout.readline()
        with pytest.raises(ExperimentError, match="tiny, seed 0: another process is measuring this run"):
            experiments.bench(["tiny"], seeds=1, path=tmp_path / "results.jsonl")
        other.stdin.close()
    assert experiments.bench(["tiny"], seeds=1, path=tmp_path / "results.jsonl") == 1


def test_runs_on_embedded_data_are_shown_but_not_kept_in_the_book(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_bench, "results_path", lambda: tmp_path / "results.jsonl")
    real = tiny_load(0)
    embedded = Data(real.training, real.validation, real.n_training, real.steps_per_epoch, "embedded")
    monkeypatch.setattr(
        _every, "EVERY", (Experiment("tiny", "99-tiny", "recipe", "t", lambda s: embedded, tiny_build, 1),)
    )
    assert experiments.bench(["tiny"]) == 0
    assert "not stored" in capsys.readouterr().out
    assert not (tmp_path / "results.jsonl").exists()


@pytest.mark.parametrize(("minutes", "seeds"), [(0.5, 10), (1, 5), (4.9, 5), (5, 3), (60, 3)])
def test_experiments_take_turns_and_a_short_one_gets_more_seeds(tmp_path, monkeypatch, minutes, seeds):
    runs = []

    def run(turn):
        runs.append(turn)
        of = {"minutes": minutes if turn[0] == "cats-sprint" else 0.1, "accuracy": 0.9, "on": "test", "data": "real"}
        return {"name": turn[0], "seed": turn[1], **of}

    monkeypatch.setattr(_bench, "_run", run)
    monkeypatch.setattr(_bench, "identities", lambda: {experiment.name: {} for experiment in find()})
    names = ["spiral-small", "cats-sprint"]
    assert experiments.bench(names, path=tmp_path / "results.jsonl") == 10 + seeds
    assert runs[:4] == [("spiral-small", 0), ("cats-sprint", 0), ("spiral-small", 1), ("cats-sprint", 1)]
    assert sorted(runs) == [
        (name, seed) for name, n in [("cats-sprint", seeds), ("spiral-small", 10)] for seed in range(n)
    ]


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(_bench, "identities", lambda: {experiment.name: {} for experiment in find()})
    return tmp_path / "cache"


def test_a_process_that_dies_is_reported_and_what_it_reached_is_kept(cache, tmp_path, monkeypatch):
    folder = _bench._folder("spiral-dense", 0)
    folder.mkdir(parents=True)
    (folder / "state.json").write_text('{"history": [{}, {}]}')
    monkeypatch.setattr(_bench.sys, "executable", shutil.which("false"))
    with pytest.raises(ExperimentError, match=r"spiral-dense, seed 0: .* after 2 epochs, which are kept\. Run"):
        experiments.bench(["spiral-dense"], seeds=1, path=tmp_path / "results.jsonl")
    assert (folder / "state.json").exists()


def test_a_run_ends_when_the_process_that_asked_for_it_is_gone():
    code = "from course_utils.experiments import _measure as m; m._end_with_parent(); import time; time.sleep(60)"
    run = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(timeout=3)
    run.stdin.close()  # as the system does for a process that was killed
    assert run.wait(timeout=20) != 0


def test_this_machine_computes_something():
    assert 0 < _measure._gigaflops() < math.inf


# --- trained networks -------------------------------------------------------------------------------------------------


def test_a_network_is_trained_once_and_then_loaded(tiny, capsys):
    import keras

    first = experiments.trained("tiny")
    assert "training" in capsys.readouterr().err
    again = experiments.trained("tiny")
    assert capsys.readouterr().err == ""
    for ours, theirs in zip(first.weights, again.weights, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(ours), keras.ops.convert_to_numpy(theirs))
    assert "tiny" in used("models")


def test_a_network_that_a_chapter_keeps_is_the_one_that_is_loaded(tiny, monkeypatch):
    note("data", "photo", {"source": "real", "edition": "any"})
    model = tiny_build(1)
    model.layers[-1].bias.assign([7.0])
    experiments.keep(model, "tiny")
    assert float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) == 7.0


def test_a_run_with_another_seed_leaves_the_kept_network_alone(tiny, monkeypatch):
    note("data", "photo", {"source": "real", "edition": "any"})
    for seed, bias in ((None, 7.0), ("1", 8.0)):
        if seed:
            monkeypatch.setenv("COURSE_SEED", seed)
        model = tiny_build(1)
        model.layers[-1].bias.assign([bias])
        experiments.keep(model, "tiny")
    assert float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) == 7.0


def test_a_network_on_embedded_data_is_not_taken_for_one_on_real_data(tiny, monkeypatch):
    note("data", "photo", {"source": "embedded", "edition": "any"})
    model = tiny_build(1)
    model.layers[-1].bias.assign([7.0])
    experiments.keep(model, "tiny")
    assert float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) != 7.0


@pytest.mark.parametrize(("now", "loaded"), [(IDENTITY, True), (IDENTITY | {"training": {"epochs": 4}}, False)])
def test_a_network_that_other_code_has_kept_counts_if_that_made_the_same_one(tiny, monkeypatch, now, loaded):
    note("data", "photo", {"source": "real", "edition": "any"})
    model = tiny_build(1)
    model.layers[-1].bias.assign([7.0])
    experiments.keep(model, "tiny")
    monkeypatch.setattr(_models, "code_digest", lambda: "of other code")
    monkeypatch.setattr(_models, "earlier_identities", lambda code: {"tiny": now})
    assert (float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) == 7.0) is loaded


def test_another_network_cannot_be_kept_under_a_name(tiny):
    import keras

    with pytest.raises(ExperimentError, match="this is not the network of 'tiny'"):
        experiments.keep(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), "tiny")


def test_a_chapter_is_no_network():
    with pytest.raises(ExperimentError, match="'cats-vs-dogs' is a chapter, not an experiment"):
        experiments.trained("cats-vs-dogs")
