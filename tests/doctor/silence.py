"""The correct programs of ``correct/``: what the doctor says before, while and after they are trained."""

import contextlib
import gc
import io
import json
import runpy
import traceback
import warnings
from pathlib import Path

CORRECT = Path(__file__).parent / "correct"
EPOCHS = 6  # at least: before the fifth the review says little


def run_all(paths=None):
    """Run the programs that this process's backend can run; what the doctor said of each, by name."""
    said = {}
    gc.freeze()  # who collects garbage need not look through all of Keras for it each time
    for path in paths or sorted(CORRECT.glob("*.py")):
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            try:
                answer = _run(path)
            except Exception:
                answer = {"failed": traceback.format_exc()}
        if answer is not None:
            said[path.stem] = answer
    gc.unfreeze()
    return said


def _run(path):
    """Examine, train and review one program; None if it is not for this backend."""
    import keras

    from course_utils.doctor import Watch, examine, review

    backend = keras.config.backend()
    text = path.read_text(encoding="utf-8")
    if "BACKENDS =" in text and f'BACKENDS = ("{backend}",)' not in text:
        return None
    keras.utils.clear_session(free_memory=False)  # see programs.run
    keras.utils.set_random_seed(0)
    program = runpy.run_path(str(path))
    model, x, y = program["model"], program["x"], program["y"]
    options = program.get("fit_options", {})
    examined = examine(model, x, y, **options) if program.get("EXAMINE", True) else []
    watch = Watch()
    if backend == "tensorflow" and model.compiled:
        model.run_eagerly = True  # tracing takes longer than these programs
    if "train" in program:
        history = program["train"]()
    else:
        callbacks = [*options.get("callbacks", []), watch]
        epochs = max(EPOCHS, options.get("epochs", 1))
        history = model.fit(x, y, verbose=0, **{**options, "epochs": epochs, "callbacks": callbacks})
    # The same from less: a bare dictionary, and the history without the rest.
    reviewed = [*review(history, model, x, y), *review(dict(getattr(history, "history", history)))]
    return {
        "examine": [f"{f.code}: {f.seen}" for f in examined],
        "review": [f"{f.code}: {f.seen}" for f in reviewed],
        "watch": [f"{f.code}: {f.seen}" for f in watch.report] + (["broken"] if watch._broken else []),
    }


if __name__ == "__main__":
    print(json.dumps(run_all(), indent=1))
