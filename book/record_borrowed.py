"""Train the head of the photograph laboratory's borrowed network: ``python book/record_borrowed.py``, in minutes.

It needs the real photographs. ``book/labs/borrowed/head.npz`` has a weight for each of the 512 maps behind ``fire9``,
and a bias; ``head.json`` says what made them and how often they are right. The eyes are SqueezeNet's, rounded to bytes:
so they fit a page.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import keras
import nbformat
import numpy as np

from course_utils.chapters import find
from course_utils.pretrained import about, squeezenet
from course_utils.record import digest_arrays, environment

BOOK = Path(__file__).parent
sys.path.append(str(BOOK / "_ext"))

import book_lab_data  # noqa: E402

FOLDER = BOOK / "labs" / "borrowed"
CUT = "fire9"
# The cells of the chapter on borrowed eyes that choose the photographs, read them and fit a head.
CELLS = ("imports", "paths", "look", "head")
MEAN = np.array([103.939, 116.779, 123.68], "float32")  # blue, green, red


def eyes() -> keras.Model:
    """Build the network whose weights are such steps; out come the means of the maps behind the cut."""
    model = squeezenet()
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            steps, size = book_lab_data.rounded(kernel)
            layer.set_weights([steps * size, bias])
    return keras.Model(model.input, keras.layers.GlobalAveragePooling2D()(model.get_layer(CUT).output))


def head() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Fit the chapter's head to all its labels: weights and bias, and what they are worth."""
    (path,) = (path for path in find() if path.stem.endswith("borrowed-eyes"))
    sources = {cell.get("id"): cell.source for cell in nbformat.read(path, as_version=4).cells}
    names: dict[str, Any] = {"prepare": lambda X: X[..., ::-1] - MEAN}
    for cell in CELLS:
        exec(compile(sources[cell], f"{path.name}:{cell}", "exec"), names)
    if names["photos"].source != "real":
        raise SystemExit("What is recorded needs the real photographs: set COURSE_DATA_DIR to where they are.")
    network = eyes()
    train, val = (np.float32(names["look"](network, names[which])[0]) for which in ("train_paths", "val_paths"))
    fitted = names["head"](train, names["y_train"])
    scaler, regression = fitted
    # A sum of standardised features is a sum of the features themselves.
    weights = (regression.coef_[0] / scaler.scale_).astype("float32")
    bias = np.float32(regression.intercept_[0] - weights @ scaler.mean_)
    right = np.mean((val @ weights + bias > 0) == names["y_val"])
    told = {"cut": CUT, "labels": len(train), "right": round(float(right), 4), "judged": len(val)}
    return weights[:, np.newaxis], np.array([bias]), told


def main() -> None:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    weights, bias, told = head()
    np.savez_compressed(FOLDER / "head.npz", weights=weights, bias=bias)
    versions = {what: environment()["versions"][what] for what in ("keras", "tensorflow", "numpy", "scikit-learn")}
    told |= {
        "squeezenet": about("squeezenet")["digest"],
        "edition": environment()["editions"]["cats_vs_dogs"],
        "date": date.today().isoformat(),
        "versions": versions,
        "digest": digest_arrays(weights, bias),
    }
    (FOLDER / "head.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
