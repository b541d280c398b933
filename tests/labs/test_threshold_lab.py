"""What <threshold-lab> computes is what scikit-learn computes, and its answers are those of what made them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from course_utils.chapters import find, topic
from course_utils.pretrained import about
from course_utils.record import digest_arrays, read_records

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import book_lab_data  # noqa: E402

pytestmark = pytest.mark.lasting("book/labs", "chapters/*-fashion-mnist.ipynb")

CHAPTER = {topic(path): path for path in find(folder=ROOT)}
ALL = """
import * as scores from "./threshold-lab/scores.mjs";
import { halves, unpacked } from "./threshold-lab/answers.mjs";
const { area, averagePrecision, best, calibration, calibrationError, counts, curve, grid, measures, reached } = scores;
tell(told.cases.map(({ label, score, packed, steps, split, target, price }) => {
  const set = packed ? unpacked(packed) : { label, score };
  const thresholds = grid(set, steps), reach = reached(set, thresholds), parts = halves(set.label.length, split);
  const tallies = parts.map((part) => counts(set.label, reach, part, thresholds.length));
  const choose = (goal) => [goal, best(tallies[0], goal, { target, price })];
  return {
    thresholds, parts, set,
    measured: tallies.map((one) => Array.from(thresholds, (_, k) => measures(one, k, price))),
    curves: parts.map((part) => curve(set, part)),
    auc: parts.map((part) => area(curve(set, part))),
    average: parts.map((part) => averagePrecision(curve(set, part))),
    bins: parts.map((part) => calibration(set, part)),
    error: parts.map((part) => calibrationError(calibration(set, part))),
    best: Object.fromEntries(["accuracy", "f1", "cost", "precision", "recall"].map(choose)),
  };
}));
"""
PROGRAM = """
import { program } from "./threshold-lab/python.mjs";
import { best, counts, grid, measures, reached } from "./threshold-lab/scores.mjs";
import { halves, parsed, written } from "./threshold-lab/answers.mjs";
const set = parsed(told.text), thresholds = grid(set, told.steps), reach = reached(set, thresholds);
const tallies = halves(set.label.length, told.split).map((part) => counts(set.label, reach, part, thresholds.length));
const k = best(tallies[0], told.goal, told);
const source = program({ ...told, file: "answers.csv", ends: [thresholds[0], thresholds[told.steps]] });
tell({ source, csv: written(set), threshold: thresholds[k], both: tallies.map((one) => measures(one, k)) });
"""
PARSED = """
import { parsed } from "./threshold-lab/answers.mjs";
const said = (text) => { try { return parsed(text); } catch (error) { return error.message; } };
tell(told.texts.map(said));
"""


def drawn(seed: int, n: int = 200, digits: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels and scores that know something about them, with ties."""
    draw = np.random.default_rng([seed, 1])  # not the stream that halves them
    label = (draw.random(n) < 0.3).astype(int)
    return label, draw.beta(1 + 2 * label, 3 - 2 * label * 0.9).round(digits)


def measure(label: np.ndarray, called: np.ndarray) -> dict[str, float]:
    (passed, alarms), (misses, hits) = metrics.confusion_matrix(label, called, labels=[0, 1])
    return {
        "hits": hits,
        "alarms": alarms,
        "misses": misses,
        "passed": passed,
        "accuracy": metrics.accuracy_score(label, called),
        "precision": metrics.precision_score(label, called, zero_division=0),
        "recall": metrics.recall_score(label, called),
        "f1": metrics.f1_score(label, called, zero_division=0),
        "falseAlarms": alarms / np.sum(label == 0),
    }


def test_everything_that_is_shown_is_what_scikit_learn_computes(javascript):
    cases, price = [], 5
    for seed in range(3):
        label, score = drawn(seed, digits=[3, 1, 15][seed])
        cases.append({"label": label.tolist(), "score": score.tolist(), "steps": [100, 200, 100][seed], "split": seed})
    told = [case | {"target": 0.8, "price": price} for case in cases]
    for case, found in zip(told, javascript(ALL, cases=told), strict=True):
        label, score = np.array(case["label"]), np.array(case["score"])
        n = len(label)
        order = np.random.default_rng(case["split"]).random(n).argsort() if case["split"] else np.arange(n)
        parts = order[: n // 2], order[n // 2 :]
        thresholds = np.arange(case["steps"] + 1) / case["steps"]
        assert found["thresholds"] == thresholds.tolist()
        answers = []
        for half, part in enumerate(parts):
            assert found["parts"][half] == part.tolist()
            answers.append([measure(label[part], score[part] >= threshold) for threshold in thresholds])
            for ours, theirs in zip(found["measured"][half], answers[half], strict=True):
                assert {name: ours[name] for name in theirs} == pytest.approx(theirs)
                assert ours["cost"] == pytest.approx((price * theirs["alarms"] + theirs["misses"]) / len(part))
            alarms, hits, _ = metrics.roc_curve(label[part], score[part], drop_intermediate=False)
            counts = np.array([point[1:] for point in found["curves"][half]]).T
            np.testing.assert_allclose(counts, [hits * label[part].sum(), alarms * np.sum(label[part] == 0)], atol=1e-9)
            assert found["auc"][half] == pytest.approx(metrics.roc_auc_score(label[part], score[part]))
            assert found["average"][half] == pytest.approx(metrics.average_precision_score(label[part], score[part]))
            right, claimed = calibration_curve(label[part], score[part], n_bins=10)
            bins = np.array(found["bins"][half])
            np.testing.assert_allclose(bins[:, :2].T, [claimed, right])
            assert bins[:, 2].sum() == len(part)
            assert found["error"][half] == pytest.approx(np.average(np.abs(claimed - right), weights=bins[:, 2]))
        first = {name: np.array([one[name] for one in answers[0]]) for name in answers[0][0]}
        assert found["best"] == {
            "accuracy": np.argmax(first["accuracy"]),
            "f1": np.argmax(first["f1"]),
            "cost": np.argmin(price * first["alarms"] + first["misses"]),
            "precision": next(iter(np.flatnonzero(first["precision"] >= 0.8)), -1),
            "recall": np.flatnonzero(first["recall"] >= 0.8)[-1],
        }


# Any scores, of any size: a threshold higher up calls fewer, and what is called and what is not add up.
@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=20, max_size=60),
    st.integers(0, 50),
    st.sampled_from([10, 100, 1000]),
)
def test_a_higher_threshold_never_calls_more(javascript, scores, split, steps):
    label = [i % 2 for i in range(len(scores))]
    case = {"label": label, "score": scores, "steps": steps, "split": split, "target": 0.9, "price": 2}
    (found,) = javascript(ALL, cases=[case])
    assert sorted(found["parts"][0] + found["parts"][1]) == list(range(len(scores)))
    for half, part in enumerate(found["parts"]):
        called = [one["hits"] + one["alarms"] for one in found["measured"][half]]
        assert called == sorted(called, reverse=True)
        expected = [int(np.sum(np.array(scores)[part] >= threshold)) for threshold in found["thresholds"]]
        assert called[1:] == expected[1:]
        assert {
            sum(one[name] for name in ("hits", "alarms", "misses", "passed")) for one in found["measured"][half]
        } == {len(part)}


@pytest.mark.parametrize(
    ("goal", "split", "steps", "spread"),
    [
        ("precision", 0, 100, 1),
        ("recall", 3, 200, 1),
        ("accuracy", 0, 100, 7.5),
        ("f1", 2, 100, 1),
        ("cost", 4, 100, 1),
    ],
)
def test_the_python_program_chooses_the_threshold_of_the_page(javascript, tmp_path, goal, split, steps, spread):
    label, score = drawn(7)
    text = "\n".join(f"{'yes' if one else 'no'}; {value}" for one, value in zip(label, spread * score, strict=True))
    told = {"goal": goal, "split": split, "steps": steps, "target": 0.8, "price": 2}
    found = javascript(PROGRAM, text=text, **told)
    (tmp_path / "answers.csv").write_text(found["csv"])
    done = subprocess.run(
        [sys.executable, "-c", found["source"]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if "[[" in line]
    for line, one in zip(said, found["both"], strict=True):
        threshold, _, table = line.partition(" ")
        assert float(threshold) == pytest.approx(found["threshold"])
        assert json.loads(table) == [[one["passed"], one["alarms"]], [one["misses"], one["hits"]]]
    assert max(map(len, found["source"].splitlines())) < 80


def test_own_answers_are_read_and_what_is_none_gets_a_sentence(javascript):
    good = "label,score\n" + "\n".join(f"{i % 2},{i / 30}" for i in range(30))
    texts = [
        good,
        good.replace("\n0,", "\nham,").replace("\n1,", "\nspam,"),
        good + "\n1,often",
        good + "\n1,0.5,3",
        good.replace("\n1,", "\n0,"),
        good + "\n2,0.5",
        "label,score\n1,0.5",
        "",
    ]
    read, named, *refused = javascript(PARSED, texts=texts)
    assert read["label"] == [i % 2 for i in range(30)]
    assert read["score"] == [i / 30 for i in range(30)]
    assert (named["negative"], named["positive"], named["label"]) == ("ham", "spam", read["label"])
    beginnings = [
        "Line 32 has “often” for a score",
        "Line 32 has 3 values; an answer needs two",
        "There is one label",
        "There are 3 different labels",
        "There is 1 answer",
        "There are 0 answers",
    ]
    for sentence, beginning in zip(refused, beginnings, strict=True):
        assert sentence.startswith(beginning)


# ---- the answers of the book


def told(name: str) -> dict:
    return json.loads((ROOT / "book" / "labs" / "predictions" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["shirts", "dogs"])
def test_recorded_answers_are_the_described_ones(javascript, name):
    label, thousandths = book_lab_data.answers(name)
    described = told(name)
    assert digest_arrays(label, thousandths) == described["digest"]
    # Cut off at thousandths, few answers change places, and none at one half.
    assert metrics.roc_auc_score(label, thousandths) == pytest.approx(described["auc"], abs=2e-4)
    assert np.mean((thousandths >= 500) == label) == pytest.approx(described["accuracy"], abs=1e-5)
    case = {"packed": book_lab_data.packed(label, thousandths), "steps": 100, "split": 0, "target": 0.9, "price": 1}
    (found,) = javascript(ALL, cases=[case])
    assert found["set"]["label"] == label.tolist()
    assert found["set"]["score"] == (thousandths / 1000).tolist()


AGAIN = "`python book/record_predictions.py {}` records them again"


def test_the_answers_about_shirts_are_those_of_the_chapter_s_network():
    records = {name: one.value for name, one in read_records(CHAPTER["fashion-mnist"]).items()}
    label, thousandths = book_lab_data.answers("shirts")
    first, second = np.split(np.arange(len(label)), 2)
    precision = [
        metrics.precision_score(label[first], thousandths[first] >= 10 * k, zero_division=0) for k in range(101)
    ]
    k = int(np.flatnonzero(np.array(precision) >= 0.95)[0])
    called = [thousandths[part] >= 10 * k for part in (first, second)]
    found = {
        "tutorial_val": told("shirts")["accuracy_of_ten"],
        "shop_threshold": k / 100,
        "shop_recall": metrics.recall_score(label[first], called[0]),
        "shop_second_precision": metrics.precision_score(label[second], called[1]),
        "shop_called": called[1].sum(),
    }
    recorded = {name: records[name] for name in found}
    assert found == pytest.approx(recorded, rel=1e-6), AGAIN.format("shirts")


def test_the_answers_about_dogs_are_those_of_the_shipped_network():
    shipped, described = about("cats-and-dogs"), told("dogs")
    assert described["pretrained"] == shipped["digest"], AGAIN.format("dogs")
    assert described["edition"] == shipped["data"]["cats_vs_dogs"], AGAIN.format("dogs")
    assert described["accuracy"] == pytest.approx(shipped["accuracy"]["shipped"], abs=5e-4), AGAIN.format("dogs")
