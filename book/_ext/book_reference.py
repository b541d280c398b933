"""The reference is made from docstrings, one of whose classes is a Keras callback: Keras comes without TensorFlow then.

``autodoc_mock_imports`` would put a stand-in for Keras in its place, and the callback would lose its signature.
"""

import os

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
