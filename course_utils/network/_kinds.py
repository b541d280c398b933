"""What is Keras' own, and so does what its documentation says; of anything else only the author knows."""

from typing import Any

_KERAS = ("keras.", "keras_core.", "tf_keras.")


def of_keras(thing: Any) -> bool:
    """Whether a thing is Keras' own: a class or function of it, or an instance of such a class.

    Parameters
    ----------
    thing : object
        Whatever may be Keras' own.

    Returns
    -------
    bool
        False for an instance of a class that somebody has derived from Keras'.

    Examples
    --------
    >>> import keras
    >>> of_keras(keras.losses.Huber), of_keras(keras.losses.Huber())
    (True, True)
    >>> of_keras(print)
    False
    """
    home = thing if hasattr(thing, "__name__") else type(thing)
    return f"{getattr(home, '__module__', '')}.".startswith(_KERAS)


def kind(thing: Any) -> str:
    """Name the class of one of Keras' own layers, operations, optimizers or callbacks.

    Parameters
    ----------
    thing : object
        An instance, no class.

    Returns
    -------
    str
        "unknown" for what is not Keras' own.

    Examples
    --------
    >>> import keras
    >>> kind(keras.layers.Dense(1)), kind(print)
    ('Dense', 'unknown')
    """
    cls = type(thing)
    return cls.__name__ if of_keras(cls) else "unknown"
