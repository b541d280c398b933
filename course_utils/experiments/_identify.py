"""States what experiments are made of: ``python -m course_utils.experiments._identify FILE [NAME …]``."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from pathlib import Path

from ..data import stand_in
from ._every import find
from ._identity import identify


def main(path: Path, names: list[str]) -> None:
    """Identify experiments on stand-ins for the data, and write what was found as JSON."""
    import tensorflow as tf

    # Random numbers go to batches in their order, whatever thread asks first.
    tf.config.experimental.enable_op_determinism()
    gc.freeze()  # clear_session collects garbage, and need not look through all of TensorFlow for it each time
    with tempfile.TemporaryDirectory() as folder:
        stand_in(Path(folder))
        found = identify(find(names))
    path.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
