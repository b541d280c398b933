"""Muon for convolutions: a step in which every direction of a kernel counts alike.

Keras has a Muon of its own, which leaves the kernels of convolutions to AdamW. This class defines itself when it is
first asked for: Keras takes seconds to load.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# The fifth-degree polynomial that draws singular values between 0 and 1 close to 1 in five rounds: Jordan and others,
# https://kellerjordan.github.io/posts/muon/.
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ROUNDS = 5


def orthogonal(matrix: tf.Tensor) -> tf.Tensor:
    """Replace a matrix by one with the same singular vectors and singular values between about 0.7 and 1.2.

    Works by Newton and Schulz' iteration, on the product of the matrix with its transpose: two products of the large
    matrix are enough, however many rounds there are.

    Parameters
    ----------
    matrix : tensor, shape (rows, columns), float32
        A gradient, say, with a column for each kernel.

    Returns
    -------
    tensor, shape (rows, columns), float32
        Singular values much smaller than the largest, below about a hundredth of it, come out smaller.

    References
    ----------
    https://kellerjordan.github.io/posts/muon/
    """
    from keras import ops

    rows, columns = matrix.shape
    wide = ops.transpose(matrix) if rows > columns else matrix
    wide = wide / (ops.norm(wide) + 1e-7)
    products = wide @ ops.transpose(wide)
    eye = ops.eye(wide.shape[0], dtype=wide.dtype)
    factor = eye
    for _ in range(_ROUNDS):
        polynomial = _A * eye + _B * products + _C * (products @ products)
        factor = polynomial @ factor
        products = polynomial @ products @ polynomial
        # Rounding would make it less and less symmetric.
        products = (products + ops.transpose(products)) / 2
    wide = factor @ wide
    return ops.transpose(wide) if rows > columns else wide


@functools.cache
def muon() -> type[keras.optimizers.Optimizer]:
    """Make the class :class:`course_utils.network.Muon`."""
    import keras
    from keras import ops

    @keras.saving.register_keras_serializable("course_utils")
    class Muon(keras.optimizers.AdamW):
        """AdamW for biases, normalisation and dense layers, Muon for the kernels of convolutions.

        Muon sums gradients up like momentum, reads the sum as a matrix with a row for each weight of a kernel and a
        column for each kernel, and steps along the nearest matrix whose singular values are all about 1: what few
        images ask for moves the kernels as far as what all of them ask for.

        Parameters
        ----------
        learning_rate : float or keras.optimizers.schedules.LearningRateSchedule
            AdamW's.
        kernels : float
            How many times as large Muon's learning rate is; weight decay takes the same share of it.
        momentum : float
            How much of the summed gradients is kept from step to step.
        **options
            As for :class:`keras.optimizers.AdamW`, ``weight_decay`` above all.

        References
        ----------
        K. Jordan and others, Muon (2024), https://kellerjordan.github.io/posts/muon/
        """

        def __init__(
            self, learning_rate: Any = 0.001, *, kernels: float, momentum: float = 0.95, **options: Any
        ) -> None:
            super().__init__(learning_rate, **options)
            self.kernels, self.momentum = kernels, momentum

        def update_step(self, gradient: Any, variable: keras.Variable, learning_rate: Any) -> None:
            if not _is_kernel(variable):
                super().update_step(gradient, variable, learning_rate)
                return
            rate = self.kernels * ops.cast(learning_rate, variable.dtype)
            summed = self._momentums[self._get_variable_index(variable)]
            self.assign(summed, self.momentum * summed + gradient)
            direction = ops.cast(gradient, variable.dtype) + self.momentum * summed
            step = orthogonal(ops.reshape(direction, (-1, variable.shape[-1])))
            # AdamW has decayed all weights by its own, smaller rate already.
            decay = (rate - rate / self.kernels) * (self.weight_decay or 0.0)
            self.assign(variable, variable * (1 - decay) - rate * ops.reshape(step, variable.shape))

        def get_config(self) -> dict[str, Any]:
            return super().get_config() | {"kernels": self.kernels, "momentum": self.momentum}

    return Muon


def _is_kernel(variable: keras.Variable) -> bool:
    """Tell a convolution's kernels, but not those on the three channels of a picture, from other variables."""
    return len(variable.shape) == 4 and variable.shape[2] > 3
