"""Is the difference real, and is my run normal: comparing models on the same examples, and one run with several."""

from ._each import each_seed
from ._paired import Paired, paired_test
from ._seeds import over_seeds, place

__all__ = ["Paired", "each_seed", "over_seeds", "paired_test", "place"]
