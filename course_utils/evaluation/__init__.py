"""Is the difference real, and is my run normal: comparing models on the same examples, and one run with several."""

from ._paired import Paired, paired_test
from ._seeds import over_seeds, place

__all__ = ["Paired", "over_seeds", "paired_test", "place"]
