"""What a few drawn pets look like, in coarse numbers: ``python -m tests.pets_table`` writes them anew."""

import sys
from pathlib import Path

import numpy as np

from course_utils.pets import EDITION, draw_pet

TABLE = Path(__file__).with_suffix(".txt")
WRITE_ANEW = "python -m tests.pets_table"

# In levels from 0 to 255. Releases of Pillow from 10.3 to 13 draw edges a little differently, which moves the mean of a
# block by 0.12 at most. Of 670 constants of the drawing, made a quarter larger or 16 levels brighter one at a time, 663
# move some block by more than this.
TOLERANCE = 0.5
_SIZE, _BLOCK = 96, 16
# Seeds of the pictures, chosen so that nearly every stroke and colour shows in one of them.
_SEEDS = {
    "cat": (3, 9, 10, 12, 14, 15, 24, 27, 34, 35, 36, 38, 39, 43, 59),
    "dog": (0, 4, 7, 15, 16, 20, 48, 54, 57, 58),
}


def means() -> np.ndarray:
    """Mean red, green and blue of blocks of the pictures, one picture a row, shape (pictures, blocks · 3)."""
    X = np.stack([draw_pet(kind, _SIZE, seed) for kind, seeds in _SEEDS.items() for seed in seeds])
    blocks = _SIZE // _BLOCK
    return X.reshape(len(X), blocks, _BLOCK, blocks, _BLOCK, 3).mean(axis=(2, 4)).reshape(len(X), -1)


def read() -> tuple[str, np.ndarray]:
    """Edition and numbers of the table."""
    first, *rows = TABLE.read_text().splitlines()
    return first.removeprefix("# edition "), np.loadtxt(rows)


def differ(now: np.ndarray, before: np.ndarray) -> bool:
    """Whether these are other pictures, not the same ones rounded elsewhere."""
    return bool(np.abs(now - before).max() > TOLERANCE)


def write() -> int:
    """Write the table, unless it would give other pictures the same edition; return the exit status."""
    edition, before = read()
    now = means()
    if edition == EDITION and differ(now, before):
        print(f"The pictures changed, but their edition is still {EDITION}. Raise EDITION in course_utils/pets first.")
        return 1
    np.savetxt(TABLE, now, "%.1f", header=f"edition {EDITION}")
    return 0


if __name__ == "__main__":
    sys.exit(write())
