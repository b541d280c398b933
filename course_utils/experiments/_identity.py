"""What a run is made of: data, batches, network, training, versions. This, and not its code, vouches for a result.

An identity is read off the experiment itself: it loads, shuffles and cuts stand-ins for the real data and builds its
network, and what comes out is written down. Nothing in it depends on the machine: batches are stated by their labels
and by means of their pixels, which :func:`differences` compares with a tolerance far above any processor's rounding.
"""

from __future__ import annotations

import gc
import importlib.metadata
import inspect
import itertools
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..record import digest, own_ledger, used
from ._definition import Data, Experiment, begin_epoch

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

Identity = dict[str, Any]

_SEED = 0
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
# How many batches are looked at: of the first epoch and of what is held out, and of the last epoch. A change of data,
# split, order or augmentation shows in these, and an epoch of photographs takes long.
_MANY, _BEGINNING = 32, 2
_TOLD = 3
# Float32 arithmetic in another order errs by 1e-6 of a mean at most; a crop one pixel off changes it by 1e-3.
_TOLERANCE = 2e-5


def identify(experiments: Iterable[Experiment]) -> dict[str, Identity]:
    """Write down what runs of experiments get and build.

    To be called in a process in which :func:`course_utils.data.stand_in` provides the data and TensorFlow's operations
    are deterministic: several threads would share out the random numbers of an augmentation as they please.

    Parameters
    ----------
    experiments : iterable of Experiment

    Returns
    -------
    dict
        From the experiment's name to what is ready for JSON: ``data``, ``batches``, ``network``, ``training`` and
        ``versions``.
    """
    # What many experiments share is loaded once.
    alike: dict[Callable, list[Experiment]] = {}
    for experiment in experiments:
        alike.setdefault(experiment.load, []).append(experiment)
    found: dict[str, Identity] = {}
    for load, group in alike.items():
        with own_ledger():
            data = load(_SEED)
            loaded = {name: {"stand-in": entry["edition"]} for name, entry in used("data").items()}
            common = _common(data)
        for experiment in group:
            batches = common | _last_epoch(data, experiment.epochs)
            made = _made(experiment, data.steps_per_epoch)
            found[experiment.name] = {"data": loaded, "batches": batches, **made, "versions": _versions()}
        del data
        gc.collect()  # the largest hold a gigabyte, and some of it in circles
    return found


def _made(experiment: Experiment, steps_per_epoch: int) -> dict[str, Any]:
    import keras

    keras.backend.clear_session()
    model = experiment.build(steps_per_epoch * experiment.epochs)
    training = {"epochs": experiment.epochs, "precision": model.dtype_policy.name, **_compiled(model)}
    return {"network": list(_layers(model)), "training": training}


def _versions() -> dict[str, str]:
    """Name the versions that matter: another minor one of these may compute something else."""
    import keras

    return {
        name: ".".join(importlib.metadata.version(name).split(".")[:2]) for name in ("keras", keras.backend.backend())
    }


# --- batches ----------------------------------------------------------------------------------------------------------


def _common(data: Data) -> dict[str, Any]:
    """State what does not depend on how long is trained: the first epoch, and all that is held out."""
    stated: dict[str, Any] = {"examples": data.n_training, "steps": data.steps_per_epoch}
    begin_epoch(_SEED, 0)
    stated["epoch 1"] = _state(data.training(0))
    stated["validation"] = _state(data.validation)
    if data.test is not None:
        stated["test"] = _state(data.test)
    return stated


def _last_epoch(data: Data, epochs: int) -> dict[str, Any]:
    """State how the last epoch begins, in which pictures may have another size."""
    begin_epoch(_SEED, epochs - 1)
    return {f"epoch {epochs}": _state(data.training(epochs - 1), _BEGINNING)} if epochs > 1 else {}


def _state(batches: tf.data.Dataset, looked_at: int = _MANY) -> dict[str, Any]:
    """State how many batches there are, the form and the means of the first, and of several a digest or their means."""
    shapes, labels, contents, means = [], [], [], []
    for x, y in batches.take(looked_at):
        x = np.asarray(x)
        shapes.append(f"{x.dtype.name}{x.shape}")
        labels.append(np.asarray(y, np.float64).ravel().tolist())
        if x.dtype.kind in "iu":
            contents.append(zlib.crc32(x.tobytes()))
        else:  # computed, and on another machine perhaps not to the last bit
            means.append(float(x.mean(dtype=np.float64)))
        if len(shapes) == 1:
            first = _means(x.astype(np.float64))
    stated = {
        "batches": int(batches.cardinality()),
        "shape": shapes[0],
        "labels": digest(labels),
        "means": _rounded(first),
    }
    if contents:
        return stated | {"contents": digest(contents)}
    return stated | {
        "several means": _rounded([np.mean(means), np.linspace(0, 1, len(means)) @ np.array(means) / len(means)])
    }


def _means(x: np.ndarray) -> list[float]:
    """Average all numbers alike, and then once along each axis with weights that rise from 0 to 1."""
    means = [float(x.mean())]
    for axis, n in enumerate(x.shape):
        others = tuple(i for i in range(x.ndim) if i != axis)
        means.append(float(np.linspace(0, 1, n) @ x.mean(axis=others) / n))
    return means


def _rounded(means: Iterable[Any]) -> list[float]:
    return [float(f"{mean:.7g}") for mean in means]


# --- the network ------------------------------------------------------------------------------------------------------


def _layers(model: keras.Model) -> Iterator[dict[str, Any]]:
    """State each layer's class, what of its settings is not the default, and what it follows if not the one before."""
    config = model.get_config()
    numbers = {layer["config"]["name"]: number for number, layer in enumerate(config["layers"])}
    for number, layer in enumerate(config["layers"]):
        stated = {"layer": layer["class_name"], **_own_settings(layer)}
        before = [numbers[name] for name in _names_before(layer.get("inbound_nodes", ()))]
        if before and before != [number - 1]:
            stated["after"] = before
        if not layer["config"].get("trainable", True):
            # What is never trained is told by its numbers.
            given = model.get_layer(layer["config"]["name"]).get_weights()
            stated["weights"] = [
                _rounded(_means(weights) + _means(np.abs(weights)))
                for weights in (np.asarray(each, np.float64) for each in given)
            ]
        yield stated


def _names_before(nodes: Any) -> Iterator[str]:
    """Find in a functional model's configuration from which layers the inputs of one come."""
    if isinstance(nodes, dict):
        if "keras_history" in nodes:
            yield nodes["keras_history"][0]
        nodes = nodes.values()
    elif not isinstance(nodes, list | tuple):
        return
    for node in nodes:
        yield from _names_before(node)


def _compiled(model: keras.Model) -> dict[str, Any]:
    """State optimizer, loss and the rest of what ``compile`` was told, as far as it is not the default."""
    config = model.get_compile_config()
    for how in ("jit_compile", "run_eagerly"):  # how it is computed, and a matter of the machine
        config.pop(how)
    config["metrics"] = [metric if isinstance(metric, str) else metric["class_name"] for metric in config["metrics"]]
    return {name: _short(value) for name, value in config.items() if value}


def _short(value: Any) -> Any:
    """Write a serialized object as its class and those settings that are not the default."""
    if isinstance(value, dict) and "class_name" in value:
        return {"is": value["class_name"], **_own_settings(value)}
    return value


def _own_settings(serialized: dict[str, Any]) -> dict[str, Any]:
    """Leave out of an object's configuration its name and the defaults of its class: versions vouch for these."""
    config = {name: value for name, value in serialized["config"].items() if name != "name"}
    defaults = _defaults(serialized, config)
    return {name: _short(value) for name, value in config.items() if name not in defaults or value != defaults[name]}


def _defaults(serialized: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    """Ask an object of the same class, made with nothing but what it must be told, for its configuration."""
    import keras

    cls = type(keras.saving.deserialize_keras_object(serialized))
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    required = {p.name: config.get(p.name) for p in parameters if p.default is p.empty and p.kind in _NAMED}
    try:
        plain = cls(**required)
    except ValueError:  # an input layer, say, demands one of several optional arguments
        return {}
    return {name: value for name, value in plain.get_config().items() if name not in required}


# --- comparing --------------------------------------------------------------------------------------------------------


def differences(then: Identity, now: Identity) -> list[str]:
    """Say in what two identities differ.

    Parameters
    ----------
    then, now : dict
        What was stated then, and what is stated now.

    Returns
    -------
    list of str
        Such as ``"network, layer 2 (Conv2D): filters 24 → 32"``; empty if the two are one.
    """
    return list(_differences(then, now, ""))


def in_short(found: list[str]) -> str:
    """Tell the first of several differences, and how many more there are.

    Parameters
    ----------
    found : list of str
        What :func:`differences` has found.

    Returns
    -------
    str
    """
    more = f" and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return "; ".join(found[:_TOLD]) + more


def _differences(then: Any, now: Any, place: str) -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _differences(then.get(key), now.get(key), f"{place} {key}".strip())
    elif isinstance(then, list) and isinstance(now, list) and then and isinstance((then + now)[0], dict):
        for number, (a, b) in enumerate(itertools.zip_longest(then, now)):
            yield from _differences(a, b, f"{place}, layer {number} ({(b or a)['layer']}):")
    elif not _agree(then, now):
        yield f"{place} {_told(then)} → {_told(now)}"


def _agree(then: Any, now: Any) -> bool:
    if isinstance(then, list) and isinstance(now, list):
        return len(then) == len(now) and all(map(_agree, then, now))
    if isinstance(then, float) or isinstance(now, float):
        numbers = isinstance(then, int | float) and isinstance(now, int | float)
        return numbers and math.isclose(then, now, rel_tol=_TOLERANCE, abs_tol=1e-9)
    return bool(then == now)


def _told(value: Any) -> str:
    if value is None:
        return "nothing"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:37]} …"
