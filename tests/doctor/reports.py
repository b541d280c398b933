"""Programs after public reports: what people really write, and whether the doctor's own line mends it.

Each names its source, the true cause, and the code that the doctor must find first; ``none`` for correct ones. Before
each ``fit`` the model is examined, what stops a program is explained, and what a training shows is reviewed.
"""

import contextlib
import io
import linecache
import re
import tempfile
import warnings
from pathlib import Path
from unittest import mock

from course_utils.doctor._codes import CODES

from .mend import mend

REPORTS = Path(__file__).parent / "reports"
_CODE = re.compile(r'"""Code: ([a-z-]+)\n')


class Enough(Exception):  # noqa: N818  # it is no error
    """What was found before training is all that is wanted."""


def read():
    """Programs by name, with the code that is to be found."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.py"))}
    return {name: (_CODE.match(text)[1], text) for name, text in texts.items()}


@contextlib.contextmanager
def _watched(findings):
    """While open, ``fit`` is examined before, reviewed after, and not run if ``examine`` finds an error or warning."""
    import keras

    from course_utils.doctor import examine, review

    fit = keras.Model.fit

    def watched(self, x=None, y=None, *args, **options):
        keras.Model.fit = fit
        try:
            found = [f for f in examine(self, x, y, **options) if f.severity != "hint"]
            findings.extend(found)
            if found:
                raise Enough
            history = fit(self, x, y, *args, **options)
            findings.extend(review(history, self, x, y))
            return history
        finally:
            keras.Model.fit = watched

    with mock.patch.object(keras.Model, "fit", watched):
        yield


def _run(name, source, before):
    """Run a program; the codes and lines of what the doctor finds, and the error if it ends in one."""
    import keras

    from course_utils import doctor

    keras.utils.clear_session(free_memory=False)  # see programs.run
    keras.utils.set_random_seed(0)
    file = f"<ipython-{name}-{before}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    findings, names, error = [], {"__name__": "__main__"}, ""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        _watched(findings) if before else contextlib.nullcontext(),
    ):
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, file, "exec"), names)
        except Enough:
            pass
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"[:200]
            findings.extend(doctor.explain(failure))
        for question in [value for key, value in names.items() if key.startswith("ASK_")]:
            findings.extend(question(doctor))
    return {
        "codes": [f.code for f in findings if f.severity != "hint"],
        "fixes": [f.fix for f in findings],
        "error": error,
    }


def run_all(only=()):
    """Run all programs, those that fail once more without a look before, and each as the doctor's line mends it."""
    outcomes = {}
    for name, (code, source) in read().items():
        if only and name not in only:
            continue
        outcome = _run(name, source, before=True)
        if code != "none" and (CODES[code].stops or CODES[code].when == "error"):
            outcome["explained"] = _run(name, source, before=False)
        if outcome["fixes"]:
            changed = mend(source, outcome["fixes"][0])
            outcome["mended"] = _run(name, changed, before=True) if changed else None
        outcomes[name] = outcome
    return outcomes
