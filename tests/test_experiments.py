"""Experiments are found, trained resumably, measured, quoted, and vouched for by their code."""

import json
import math

import numpy as np
import pytest

from course_utils import experiments
from course_utils.experiments import (
    Data,
    Experiment,
    ExperimentError,
    Published,
    _bench,
    _every,
    _models,
    _results,
    find,
)
from course_utils.experiments._batches import in_memory
from course_utils.record import fingerprint_of

RUN = {
    "name": "cats-sprint",
    "seed": 0,
    "accuracy": 0.9,
    "accuracy_mirrored": 0.91,
    "minutes": 1.5,
    "on": "validation",
    "code": "old",
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


def test_every_experiment_has_a_name_of_its_own_and_a_chapter_with_a_recipe_and_an_answer():
    every = find()
    assert len({e.name for e in every}) == len(every)
    for chapter in {e.chapter for e in every}:
        assert {e.role for e in every if e.chapter == chapter} == {"recipe", "answer"}


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
    assert parameters("fashion-small") == 101_466
    assert parameters("spiral-dense") == 149_637


def test_a_fingerprint_depends_on_the_epochs_and_on_what_a_partial_holds():
    one, other = find(["cats-sprint"])[0], find(["cats-steady"])[0]
    assert one.fingerprint() == find(["cats-sprint"])[0].fingerprint() != other.fingerprint()


def test_only_functions_of_the_package_have_a_fingerprint():
    with pytest.raises(ValueError, match=r"json.*dumps is no top-level function of course_utils"):
        fingerprint_of(json.dumps)


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
    before = _results.results_hash("cats-sprint")
    results_file({"chapter": "dogs"})
    assert _results.results_hash("cats-sprint") == before
    results_file({"chapter": "dogs", "accuracy": 0.8})
    assert _results.results_hash("cats-sprint") != before


def test_the_last_run_of_a_seed_counts(results_file):
    results_file({"accuracy": 0.1}, {"seed": 1}, {"accuracy": 0.8})
    assert experiments.results("cats-sprint")["accuracy"].tolist() == [0.8, 0.9]


def test_a_binding_quotes_the_median_the_range_and_the_number_of_seeds(results_file):
    path = results_file(*({"seed": i, "accuracy": a} for i, a in enumerate([0.8, 0.95, 0.9])))
    quoted = {
        field: experiments.quoted(f"cats-sprint.{field}", path) for field in ("accuracy", "accuracy_min", "seeds")
    }
    assert quoted == {"accuracy": 0.9, "accuracy_min": 0.8, "seeds": 3}
    assert experiments.quoted("cats-sprint.accuracy_max", path) == 0.95
    assert experiments.quoted("cats-sprint.minutes_to_0.75", path) == 0.4


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


def test_runs_of_another_definition_and_of_no_experiment_are_stale(results_file):
    path = results_file({"name": "gone"}, {}, {"name": "cats-steady", "code": find(["cats-steady"])[0].fingerprint()})
    assert experiments.stale(path) == [
        "gone was measured, but there is no such experiment any more: remove its lines",
        "cats-sprint changed after it was measured: course bench cats-sprint",
    ]
    assert experiments.stale(path.with_name("none.jsonl")) == []


def test_a_chapter_that_read_results_is_stale_when_they_change(results_file):
    results_file({})
    experiments.results("cats-sprint")
    then = experiments.used()
    assert experiments.changed(then) == []
    results_file({"accuracy": 0.5})
    assert "results cats-sprint" in experiments.changed(then)
    assert experiments.changed({"model gone": "x"}) == ["model gone"]


def test_the_time_to_an_accuracy_is_that_of_the_first_epoch_that_reached_it():
    history = [{"minutes": m, "val_accuracy": a} for m, a in [(1, 0.7), (2, 0.91), (3, 0.89)]]
    assert _results.minutes_to(history) == {"0.6": 1, "0.7": 1, "0.75": 2, "0.8": 2, "0.85": 2, "0.9": 2}


# --- measuring --------------------------------------------------------------------------------------------------------


def tiny_load(seed):
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


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """An experiment of three epochs that is measured in this process."""
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(Experiment, "fingerprint", lambda self: "code")
    experiment = Experiment(
        "tiny", "99-tiny", "answer", "tiny", tiny_load, tiny_build, 3, Published(0.5, "test"), mirrored=True
    )
    monkeypatch.setattr(_every, "EVERY", (experiment,))
    monkeypatch.setattr(_bench, "_gigaflops", lambda: 1.0)

    class Process:
        exitcode = 0

        def __init__(self, target, args):
            self.start = lambda: target(*args)

        def join(self):
            pass

    context = type("Context", (), {"Process": Process})
    monkeypatch.setattr(_bench.multiprocessing, "get_context", lambda method: context)
    return experiment


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
        assert run["images_per_second"] > 0
        assert "model" not in run
    assert runs[0]["history"] != runs[1]["history"]
    assert experiments.bench(["tiny"], seeds=2, path=path) == 0
    assert "measured before" in capsys.readouterr().out


def test_a_stopped_run_goes_on_with_the_next_epoch_and_ends_as_if_it_had_not_been_stopped(tiny, tmp_path, monkeypatch):
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    experiments.bench(["tiny"], seeds=1, path=whole)

    keep, epochs = _bench._keep, []

    def stop_after_two(model, state, folder):
        keep(model, state, folder)
        epochs.append(len(state["history"]))
        if len(epochs) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(_bench, "_keep", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        experiments.bench(["tiny"], seeds=1, path=stopped)
    assert not stopped.exists()
    experiments.bench(["tiny"], seeds=1, path=stopped)
    assert epochs == [1, 2, 3]

    def losses(path):
        return [epoch["loss"] for epoch in _results.read(path)[0]["history"]]

    assert losses(stopped) == pytest.approx(losses(whole), rel=1e-4)


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


def test_recipes_and_answers_take_turns_seed_by_seed():
    recipe, answer = find(["cats-two-blocks", "cats-sprint"])
    turns = [(e.name, seed) for e, seed in _bench._turns([recipe, answer], seeds=2, recipe_seeds=1)]
    assert turns == [("cats-two-blocks", 0), ("cats-sprint", 0), ("cats-sprint", 1)]


def test_a_process_that_dies_is_reported_and_what_it_reached_is_kept(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(_bench, "_measure", lambda name, seed, folder: None)
    with pytest.raises(ExperimentError, match=r"tiny, seed 0: the run ended .* Run the command again"):
        experiments.bench(["tiny"], seeds=1, path=tmp_path / "results.jsonl")


def test_a_real_process_measures_a_real_experiment(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(_bench, "_measure", broken)
    with pytest.raises(ExperimentError, match="ended with status 1"):
        experiments.bench(["spiral-dense"], seeds=1, path=tmp_path / "results.jsonl")


def broken(name, seed, folder):
    raise SystemExit(1)


def test_this_machine_computes_something():
    assert 0 < _bench._gigaflops() < math.inf
    assert _bench._peak_memory() > 0


# --- trained networks -------------------------------------------------------------------------------------------------


def test_a_network_is_trained_once_and_then_loaded(tiny, capsys):
    import keras

    first = experiments.trained("tiny")
    assert "training" in capsys.readouterr().err
    again = experiments.trained("tiny")
    assert capsys.readouterr().err == ""
    for ours, theirs in zip(first.weights, again.weights, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(ours), keras.ops.convert_to_numpy(theirs))
    assert experiments.used()["model tiny"] == "code"


def test_a_network_that_a_chapter_keeps_is_the_one_that_is_loaded(tiny, monkeypatch):
    monkeypatch.setattr(_models, "data_used", lambda: {"cats_vs_dogs": "real"})
    model = tiny_build(1)
    model.layers[-1].bias.assign([7.0])
    experiments.keep(model, "tiny")
    assert float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) == 7.0


def test_a_network_on_embedded_data_is_not_taken_for_one_on_real_data(tiny, monkeypatch):
    monkeypatch.setattr(_models, "data_used", lambda: {"cats_vs_dogs": "embedded"})
    model = tiny_build(1)
    model.layers[-1].bias.assign([7.0])
    experiments.keep(model, "tiny")
    assert float(experiments.trained("tiny").layers[-1].bias.numpy()[0]) != 7.0


def test_another_network_cannot_be_kept_under_a_name(tiny):
    import keras

    with pytest.raises(ExperimentError, match="this is not the network of 'tiny'"):
        experiments.keep(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), "tiny")


def test_a_chapter_is_no_network():
    with pytest.raises(ExperimentError, match="'cats-vs-dogs' is a chapter, not an experiment"):
        experiments.trained("cats-vs-dogs")
