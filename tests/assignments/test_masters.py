"""Masters: proven against wrong answers, released without what students must not see, different for every seed."""

import csv
import json
import re

import pytest

from course_utils import assignments, chapters
from course_utils.assignments import _judge, _master, _release, _sandbox

from .conftest import MASTER, RIGHT


@pytest.mark.slow
@pytest.mark.lasting("chapters/assignments/{name}")
@pytest.mark.parametrize("name", assignments.names())
def test_each_answer_beside_a_master_is_judged_as_it_should_be(name):
    proofs = list(assignments.prove([name]))
    assert not [proof for proof in proofs if proof.problem]
    assert sum(proof.answer.startswith("wrong/") for proof in proofs) >= 16 * len({proof.variant for proof in proofs})


@pytest.mark.parametrize("name", assignments.names())
def test_a_student_notebook_holds_no_trace_of_solutions_and_hidden_tests(name):
    master = assignments.load(name, 3)
    told = json.dumps(_release.student_notebook(master))
    secrets = [test.code for question in master.questions for test in question.tests if test.hidden]
    secrets += [question.rubric for question in master.questions] + list(master.oral)
    for question in master.questions:
        for cell in question.solution:
            shown = _master.stub(cell.source).splitlines() if not question.written else []
            secrets += [line for line in _master.plain(cell.source).splitlines() if line not in shown]
    public = "\n".join(code for question in master.questions for code in _release.public_tests(master, question))
    lines = {line.strip() for secret in secrets for line in secret.splitlines()} - set(
        map(str.strip, public.splitlines())
    )
    asked = {
        line.strip() for question in master.questions for cell in question.prompt for line in cell.source.splitlines()
    }
    for line in lines - asked:
        assert len(line) < 12 or json.dumps(line)[1:-1] not in told, line
    for mark in ("SOLUTION", "HIDDEN", "BEGIN", "rubric"):
        assert mark not in told


@pytest.mark.parametrize("name", assignments.names())
def test_a_seed_gives_the_same_assignment_and_another_one_another(name):
    one, same, other = (_release.student_notebook(assignments.load(name, seed)) for seed in (7, 7, 8))
    assert one == same
    assert [cell.source for cell in one.cells] != [cell.source for cell in other.cells]


@pytest.mark.lasting("chapters/assignments")
@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("convolution", {"convolve", "predict"}),
        ("gradients", {"descend", "predict"}),
        ("spiral", {"fold", "widest", "predict"}),
        ("evaluation", {"predict", "choose", "leak"}),
        ("inside", {"filter", "predict", "occlusion", "unseen"}),
        ("attention", {"predict", "disguise", "divisor", "attend", "near"}),
        ("trust", {"predict", "fingerprint", "worst"}),
        pytest.param("labels", {"units", "predict", "stopped"}, marks=pytest.mark.slow),  # imports Keras
        pytest.param("budget", {"predict", "parameters", "mine"}, marks=pytest.mark.slow),  # imports Keras and trains
        pytest.param("digits", {"predict", "foreign", "effects", "mine"}, marks=pytest.mark.slow),  # the same
        pytest.param("borrowed", {"predict", "slip", "frozen", "enough", "where"}, marks=pytest.mark.slow),  # the same
    ],
)
def test_last_years_solution_fails_this_years_variant(name, changed):
    this, last = assignments.load(name, 2027), assignments.load(name, 2026)
    with _sandbox.Zygote(this.imports, sandbox=False) as zygote:
        verdict = _judge.judge(_release.code_cells(last), this, zygote)
    assert changed <= {answer.question for answer in verdict.answers if answer.status != "passed"}


def test_the_guide_tells_points_and_minutes_of_each_assignment():
    guide = (chapters.root() / "book" / "teach.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \| (\d+) \|$", guide, re.MULTILINE)
    masters = [assignments.load(name) for name in assignments.names()]
    told = {name: (int(points), int(minutes)) for name, points, minutes in rows}
    assert told == {
        master.name: (sum(q.points for q in master.questions), sum(q.minutes for q in master.questions))
        for master in masters
    }


def test_a_wrong_answer_that_passes_is_found(masters, tmp_path):
    folder = tmp_path / "tiny"
    (folder / "wrong" / "double").mkdir(parents=True)
    (folder / "master.md").write_text(MASTER)
    (folder / "variant.py").write_text("def values(seed):\n    return {'factor': 1}\n")
    answers = {
        "right": "# expects: wrong\n" + RIGHT[0],
        "silent": RIGHT[0],
        "other": "# expects: no such words\ndouble = 3",
    }
    for name, code in answers.items():
        (folder / "wrong" / "double" / f"{name}.py").write_text(code)
    found = {proof.answer: proof.problem for proof in assignments.prove(["tiny"], [0], tmp_path) if proof.problem}
    assert found["wrong/right"] == "a wrong answer passes"
    assert found["wrong/silent"].startswith("its first line does not say")
    assert found["wrong/other"].startswith("it fails, but not with 'no such words'")
    assert found["wrong"] == "0 wrong answers, of at least 4"


def test_a_roster_gives_every_student_a_variant(masters, tmp_path):
    roster = tmp_path / "students.csv"
    roster.write_text("Student,ID\n    Points Possible,\nZoë Ångström,7\nBo / Ek,8\n", encoding="utf-8-sig")
    written = assignments.release(["tiny"], tmp_path / "out", roster=roster, folder=masters)
    assert [path.parent.name for path in written] == ["7", "8"]
    rows = list(csv.DictReader((tmp_path / "out/tiny/variants.csv").open()))
    assert [row["Student"] for row in rows] == ["Zoë Ångström", "Bo / Ek"]
    assert len({row["variant"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name of the student\nAda\n", "it needs a column called one of"),
        ("email\na@b\na@b\n", "more than once"),
        ("", "it has no columns"),
    ],
)
def test_a_roster_that_names_nobody_is_refused(masters, tmp_path, text, words):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(assignments.AssignmentError, match=words):
        assignments.release(["tiny"], tmp_path / "out", roster=tmp_path / "roster.csv", folder=masters)


def test_an_unknown_assignment_is_answered_with_those_that_there_are():
    with pytest.raises(assignments.AssignmentError, match=r"there are: .*convolution"):
        assignments.load("convolutoin")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# END QUESTION", "# END TESTS", "closes nothing that is open"),
        ("{{factor}}", "{{faktor}}", "asks for {{faktor}}"),
        ("points: 2", "pionts: 2", "options of a question are not right"),
        ("uses: [double]", "uses: []", "needs both `uses` and tests"),
    ],
)
def test_a_master_that_is_not_written_well_is_refused(tmp_path, old, new, words):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "master.md").write_text(MASTER.replace(old, new, 1))
    (tmp_path / "tiny" / "variant.py").write_text("def values(seed):\n    return {'factor': 1}\n")
    with pytest.raises(assignments.AssignmentError, match=words):
        assignments.load("tiny", folder=tmp_path)
