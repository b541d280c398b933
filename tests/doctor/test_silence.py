"""On programs that are correct the doctor says nothing: before, while and after they are trained."""

import pytest

from .backends import EACH, INSTALLED, LASTING, outcomes
from .programs import BACKENDS
from .silence import CORRECT

pytestmark = [pytest.mark.slow, LASTING]


@pytest.fixture(scope="module", params=EACH)
def said(request):
    return outcomes("silence", request.param)


def test_every_correct_program_runs(said):
    assert {name: answer["failed"] for name, answer in said.items() if "failed" in answer} == {}
    assert len(said) >= 60


@pytest.mark.parametrize("who", ["examine", "review", "watch"])
def test_the_doctor_is_silent(said, who):
    assert {name: answer[who] for name, answer in said.items() if answer.get(who)} == {}


@pytest.mark.waits
@pytest.mark.skipif(len(INSTALLED) < len(BACKENDS), reason="not every backend is installed")
def test_every_program_runs_on_some_backend():
    ran = {name for backend in INSTALLED for name in outcomes("silence", backend)}
    assert ran == {path.stem for path in CORRECT.glob("*.py")}
