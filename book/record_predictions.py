"""Record the answers that the threshold laboratory moves its threshold over: ``python book/record_predictions.py``.

They need the real data and minutes. Each set is two files in ``book/labs/predictions``: ``NAME.csv`` has a label and a
score a line, and ``NAME.json`` says what made them. Tests compare both with the chapters and the shipped weights, and
ask for this script where they no longer agree.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import keras
import nbformat
import numpy as np
from sklearn.metrics import accuracy_score, roc_auc_score

from course_utils.chapters import find
from course_utils.data import fashion_mnist
from course_utils.experiments import find as find_experiments
from course_utils.pretrained import about, cats_and_dogs
from course_utils.record import digest_arrays, environment

FOLDER = Path(__file__).parent / "labs" / "predictions"
SHIRT = 6
# The cells of the chapter on Fashion-MNIST that lead to its first network's answers.
CELLS = ("imports", "load", "split", "straight", "network", "keep-best", "trap-run", "train")


def shirts() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Train the chapter's network as its cells do, and ask it about shirts: labels, scores, and what gave them."""
    (path,) = (path for path in find() if path.stem.endswith("fashion-mnist"))
    sources = {cell.get("id"): cell.source for cell in nbformat.read(path, as_version=4).cells}
    names: dict[str, Any] = {}
    for cell in CELLS:
        exec(compile(sources[cell], f"{path.name}:{cell}", "exec"), names)
    proba = names["tutorial"].predict(names["X_val"], verbose=0)
    told = {"chapter": "fashion-mnist", "edition": environment()["editions"]["fashion_mnist"]}
    if fashion_mnist().source != "real":
        raise SystemExit("What is recorded needs the real images: set COURSE_DATA_DIR to where they are.")
    return (
        names["y_val"] == SHIRT,
        proba[:, SHIRT],
        told | {"accuracy_of_ten": float(np.mean(proba.argmax(1) == names["y_val"]))},
    )


def dogs() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Ask the network that ships with the course about the validation photographs."""
    told = about("cats-and-dogs")
    (experiment,) = find_experiments([told["experiment"]])
    data = experiment.load(0)
    if data.source != "real":
        raise SystemExit("What is recorded needs the real photographs: set COURSE_DATA_DIR to where they are.")
    model = cats_and_dogs()
    asked = [(np.asarray(y).ravel(), model.predict_on_batch(X).ravel()) for X, y in data.validation]
    label, score = (np.concatenate(each) for each in zip(*asked, strict=True))
    return label == 1, score, {"pretrained": told["digest"], "edition": environment()["editions"]["cats_vs_dogs"]}


SETS: dict[str, Callable[[], tuple[np.ndarray, np.ndarray, dict[str, Any]]]] = {"shirts": shirts, "dogs": dogs}


def main() -> None:
    """Record the sets that are named, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or SETS:
        label, score, told = SETS[name]()
        # Cut off, not rounded: so each score stays on its side of every threshold of whole thousandths.
        thousandths = np.floor(1000 * score.astype(float)).astype(int)
        versions = {what: environment()["versions"][what] for what in ("keras", "tensorflow", "numpy")}
        told |= {
            "date": date.today().isoformat(),
            "versions": versions,
            "auc": round(float(roc_auc_score(label, score)), 5),
            "accuracy": round(float(accuracy_score(label, score >= 0.5)), 5),
            "digest": digest_arrays(label.astype(int), thousandths),
        }
        lines = (f"{one:d},{each / 1000:.3f}" for one, each in zip(label, thousandths, strict=True))
        (FOLDER / f"{name}.csv").write_text("label,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
        (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        keras.backend.clear_session()
        print(name, told)


if __name__ == "__main__":
    main()
