"""The same training from several seeds, on all the cores there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


def each_seed(train: Callable[..., Result], seeds: int, **options: Any) -> list[Result]:
    """Call a function once for each seed, several at a time.

    It is ``[train(seed, **options) for seed in range(seeds)]``, spread over the cores of the processor: for what takes
    seconds and can be sent to another process, as scikit-learn's models can and Keras' cannot.

    Parameters
    ----------
    train : callable
        From a seed and the options to whatever it likes: a fitted model, a score.
    seeds : int
        How many, at least 1: the seeds are 0 to ``seeds`` − 1.
    **options
        Passed to every call.

    Returns
    -------
    list
        What the calls returned, seed 0 first.

    Raises
    ------
    ValueError
        If `seeds` is below 1.

    Examples
    --------
    >>> each_seed(pow, 4, exp=2)
    [0, 1, 4, 9]
    """
    if seeds < 1:
        raise ValueError(f"each_seed needs at least one seed, got {seeds}")
    from sklearn.utils.parallel import Parallel, delayed

    return list(Parallel(n_jobs=-1)(delayed(train)(seed, **options) for seed in range(seeds)))
