"""What ``compile`` and ``fit`` have left in a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def compiled_metrics(model: keras.Model) -> tuple[Any, ...]:
    """List the metrics as they were given to ``compile``.

    Parameters
    ----------
    model : keras.Model
        Compiled or not.

    Returns
    -------
    tuple
        Names, functions or metrics, those that are weighted last; of all outputs in one row.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    >>> model.compile(loss="mse", metrics=["mae"])
    >>> compiled_metrics(model)
    ('mae',)
    """
    import keras

    holder = getattr(model, "_compile_metrics", None)
    given = [getattr(holder, name, None) for name in ("_user_metrics", "_user_weighted_metrics")]
    return tuple(metric for group in given for metric in keras.tree.flatten(group or []) if metric is not None)


def compile_arguments(model: keras.Model) -> dict[str, Any]:
    """Read what ``compile`` was given, as it was given.

    Parameters
    ----------
    model : keras.Model
        Compiled or not.

    Returns
    -------
    dict
        "loss", "loss_weights" and "metrics"; None for what was not given.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    >>> model.compile(loss="mse", metrics=["mae"])
    >>> compile_arguments(model)
    {'loss': 'mse', 'loss_weights': None, 'metrics': ['mae']}
    """
    losses, metrics = getattr(model, "_compile_loss", None), getattr(model, "_compile_metrics", None)
    return {
        "loss": getattr(model, "loss", None),
        "loss_weights": getattr(losses, "_user_loss_weights", None),
        "metrics": getattr(metrics, "_user_metrics", None),
    }


def optimized_variables(model: keras.Model) -> tuple[keras.Variable, ...]:
    """List the variables that a model's optimizer was prepared for, whether or not they are still trainable.

    Parameters
    ----------
    model : keras.Model
        Compiled.

    Returns
    -------
    tuple of keras.Variable
        Empty before the first training step.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> optimized_variables(model)
    ()
    >>> X, y = keras.ops.ones((2, 4)), keras.ops.ones((2, 1))
    >>> history = model.fit(X, y, verbose=0)
    >>> [variable.name for variable in optimized_variables(model)]
    ['kernel', 'bias']
    """
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)  # mixed precision wraps it
    if not getattr(optimizer, "built", False):
        return ()
    return tuple(getattr(optimizer, "_trainable_variables", None) or ())


def overrides_training(model: keras.Model) -> bool:
    """Whether a model's class computes its training step or its loss itself.

    Parameters
    ----------
    model : keras.Model
        Of any class.

    Returns
    -------
    bool

    Examples
    --------
    >>> import keras
    >>> class Adversarial(keras.Model):
    ...     def train_step(self, data): ...
    >>> overrides_training(Adversarial()), overrides_training(keras.Sequential())
    (True, False)
    """
    import keras

    methods = ("fit", "train_step", "compute_loss", "_compute_loss", "compute_metrics", "stateless_compute_loss")
    return any(getattr(type(model), name, None) is not getattr(keras.Model, name, None) for name in methods)
