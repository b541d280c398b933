"""The training that our answers share: AdamW or Muon, with a learning rate that rises and then falls to zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def one_cycle(
    steps: int,
    *,
    peak: float,
    rise: int,
    start: float = 0.1,
    weight_decay: float = 0.01,
    kernels: float | None = None,
) -> keras.Optimizer:
    """Make an optimizer for one cycle of the learning rate.

    Parameters
    ----------
    steps : int
        Training steps in all.
    peak : float
        The highest learning rate.
    rise : int
        The rate rises, along a line, for one step in so many; then it falls, along a cosine.
    start : float
        Where it begins, as a share of the peak.
    weight_decay : float
        How strongly AdamW pulls weights towards zero.
    kernels : float, optional
        How many times as large the rate is for convolutions' kernels, which are then left to Muon.

    Returns
    -------
    keras.Optimizer
    """
    import keras

    from ..network import Muon

    warmup = max(steps // rise, 1)
    rate = keras.optimizers.schedules.CosineDecay(
        start * peak, decay_steps=max(steps - warmup, 1), warmup_target=peak, warmup_steps=warmup
    )
    if kernels is not None:
        return Muon(rate, kernels=kernels, weight_decay=weight_decay)
    return keras.optimizers.AdamW(rate, weight_decay=weight_decay)
