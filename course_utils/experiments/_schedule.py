"""The training that our answers share: AdamW, with a learning rate that rises for a while and then falls to zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def one_cycle(steps: int, *, peak: float, rise: int, start: float = 0.1, weight_decay: float = 0.01) -> keras.Optimizer:
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

    Returns
    -------
    keras.Optimizer
    """
    import keras

    warmup = max(steps // rise, 1)
    rate = keras.optimizers.schedules.CosineDecay(
        start * peak, decay_steps=max(steps - warmup, 1), warmup_target=peak, warmup_steps=warmup
    )
    return keras.optimizers.AdamW(rate, weight_decay=weight_decay)
