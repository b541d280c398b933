"""The layers of a model, however deep they lie in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def all_layers(model: keras.Model) -> list[keras.Layer]:
    """List the layers of a model, with those that models, wrappers and layers in it are made of.

    Parameters
    ----------
    model : keras.Model
        Built or not. A subclassed model that makes its layers only when it is built has none before.

    Returns
    -------
    list of keras.Layer
        Each once, before those that it is made of; otherwise in the order in which they were added.

    Raises
    ------
    TypeError
        If `model` is no Keras model.

    Examples
    --------
    >>> import keras
    >>> from keras import layers
    >>> conv = layers.Conv2D(4, 3, name="conv")
    >>> eyes = keras.Sequential([keras.Input((8, 8, 3)), conv], name="eyes")
    >>> head = [layers.Flatten(name="flat"), layers.Dense(2, name="out")]
    >>> model = keras.Sequential([eyes, *head])
    >>> found = all_layers(model)
    >>> [x.name for x in found if not isinstance(x, layers.InputLayer)]
    ['eyes', 'conv', 'flat', 'out']
    """
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    found: dict[int, keras.Layer] = {}
    waiting = model._layers[::-1]  # the next one stands last
    while waiting:
        layer = waiting.pop()
        if id(layer) not in found:
            found[id(layer)] = layer
            waiting += layer._layers[::-1]
    return list(found.values())


def leaf_layers(model: keras.Model) -> list[keras.Layer]:
    """List the layers that are not made of other layers: those that compute, where the others only pass on.

    Parameters
    ----------
    model : keras.Model
        Built or not.

    Returns
    -------
    list of keras.Layer
        In the order of :func:`all_layers`.

    Raises
    ------
    TypeError
        If `model` is no Keras model.

    Examples
    --------
    >>> import keras
    >>> from keras import layers
    >>> conv = layers.Conv2D(4, 3, name="conv")
    >>> eyes = keras.Sequential([keras.Input((8, 8, 3)), conv], name="eyes")
    >>> head = [layers.Flatten(name="flat"), layers.Dense(2, name="out")]
    >>> model = keras.Sequential([eyes, *head])
    >>> found = leaf_layers(model)
    >>> [x.name for x in found if not isinstance(x, layers.InputLayer)]
    ['conv', 'flat', 'out']
    """
    return [layer for layer in all_layers(model) if not layer._layers]


def find_layer(model: keras.Model, name: str) -> keras.Layer:
    """Find a layer by its name.

    Parameters
    ----------
    model : keras.Model
        Built or not.
    name : str
        The model's own layers come before those of models in it.

    Returns
    -------
    keras.Layer

    Raises
    ------
    TypeError
        If `model` is no Keras model.
    ValueError
        If it has no such layer; the message names those that it has.

    Examples
    --------
    >>> import keras
    >>> hidden = keras.layers.Dense(3, name="hidden")
    >>> model = keras.Sequential([keras.Input((4,)), hidden])
    >>> find_layer(model, "hidden").units
    3
    """
    layers = all_layers(model)
    matching = [layer for layer in [*model.layers, *layers] if layer.name == name]
    if matching:
        return matching[0]
    names = ", ".join(dict.fromkeys(layer.name for layer in layers))
    raise ValueError(f"the model has no layer {name!r}; it has {names or 'none'}")
