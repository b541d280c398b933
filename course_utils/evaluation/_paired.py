"""Two models asked about the same examples: what counts is where one alone is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

_RESAMPLES = 9999
_SEED = 0
_LEVEL = 0.05


@dataclass(frozen=True)
class Paired:
    """Two models compared on the same examples.

    Attributes
    ----------
    n : int
        How many examples there are.
    only_a, only_b : int
        Examples that model a, or model b, alone has right.
    difference : float
        Accuracy of a minus accuracy of b.
    low, high : float
        Where 95 % of the differences lie when examples are drawn again, with replacement.
    p : float
        How often a difference at least as large would come about if neither model were better: McNemar's test, exact.
    """

    n: int
    only_a: int
    only_b: int
    difference: float
    low: float
    high: float
    p: float

    @property
    def within_noise(self) -> bool:
        """Whether chance alone makes such a difference more often than once in twenty times."""
        return self.p > _LEVEL

    def __str__(self) -> str:
        verdict = "within noise" if self.within_noise else f"{'a' if self.difference > 0 else 'b'} is better"
        return (
            f"a alone is right on {self.only_a} of {self.n:,}, b alone on {self.only_b}: a minus b is "
            f"{self.difference:+.4f} ({self.low:+.4f} to {self.high:+.4f}), p = {self.p:.2g}: {verdict}"
        )


def paired_test(y: ArrayLike, y_hat_a: ArrayLike, y_hat_b: ArrayLike) -> Paired:
    """Compare two models on the same examples.

    Two accuracies with their standard errors do not tell whether one model is better than the other: both meet the same
    easy and the same hard examples. What tells are the examples that only one of the two gets right.

    Parameters
    ----------
    y : array_like, shape (n,)
        The right answers.
    y_hat_a, y_hat_b : array_like, shape (n,)
        What either model answers, as labels and not as probabilities.

    Returns
    -------
    Paired
        With the exact form of McNemar's test [1]_ and a bootstrap interval.

    Raises
    ------
    ValueError
        If the three have different shapes, more than one axis, or no element.

    References
    ----------
    .. [1] Q. McNemar (1947): Note on the sampling error of the difference between correlated proportions or
       percentages. Psychometrika 12, 153–157.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.zeros(100)
    >>> a = np.arange(100) < 5  # wrong five times
    >>> b = np.arange(100) < 20  # wrong on these and on fifteen more
    >>> found = paired_test(y, a, b)
    >>> found.only_a, found.only_b, found.within_noise
    (15, 0, False)
    >>> print(f"{found.difference:.2f} ({found.low:.2f} to {found.high:.2f})")
    0.15 (0.08 to 0.22)
    """
    from scipy.stats import binomtest

    y, y_hat_a, y_hat_b = np.asarray(y), np.asarray(y_hat_a), np.asarray(y_hat_b)
    shapes = {"y": y.shape, "y_hat_a": y_hat_a.shape, "y_hat_b": y_hat_b.shape}
    if len(set(shapes.values())) > 1 or y.ndim != 1 or not y.size:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"paired_test takes three arrays of n labels, got the shapes {told}. Of probabilities of several classes "
            "take proba.argmax(axis=1), of one output (proba[:, 0] > 0.5)"
        )
    right_a, right_b = y_hat_a == y, y_hat_b == y
    n, only_a, only_b = len(y), int(np.sum(right_a & ~right_b)), int(np.sum(right_b & ~right_a))
    # To draw n examples with replacement is to draw how many of them fall to a alone, to b alone, and to neither.
    shares = np.array([only_a, only_b, n - only_a - only_b]) / n
    drawn = np.random.default_rng(_SEED).multinomial(n, shares, size=_RESAMPLES)
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / n, [_LEVEL / 2, 1 - _LEVEL / 2])
    p = binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    return Paired(n, only_a, only_b, (only_a - only_b) / n, float(low), float(high), float(p))
