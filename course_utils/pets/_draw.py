"""Pictures of cats and dogs, one or many: the layers put together."""

import numpy as np

from ._backdrop import backdrop
from ._body import BODIES
from ._cat import CAT
from ._coat import random_coat
from ._dog import DOG
from ._light import lit
from ._pen import unit_pen
from ._pose import random_pose
from ._props import foreground, rug

_SPECIES = {"cat": CAT, "dog": DOG}
_KINDS = tuple(_SPECIES)  # label 0 and label 1
_MIN_SIZE = 16


def draw_pets(n: int, size: int = 64, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw a balanced, shuffled set of cat and dog pictures.

    Only shape tells the two apart: ears, muzzle, eyes, whiskers, tail. Colour, fur pattern, size, place, pose,
    background, light and what stands in front are distributed alike in both.

    Parameters
    ----------
    n : int
        Number of pictures, at least 1. A bigger set begins with the pictures of a smaller one (but for the
        last picture of an odd `n`, which is a cat to keep the balance).
    size : int
        Height and width in pixels, at least 16. The scenes do not depend on it.
    seed : int
        Seed of the random numbers, 0 or more; the same seed gives the same pictures.

    Returns
    -------
    X : numpy.ndarray, shape (n, size, size, 3), uint8
        Red, green and blue, 0 to 255.
    y : numpy.ndarray, shape (n,), int64
        0 for a cat, 1 for a dog; ``n // 2`` are dogs.

    Raises
    ------
    ValueError
        If `n`, `size` or `seed` is not a whole number or is too small.

    Examples
    --------
    >>> X, y = draw_pets(6, size=32)
    >>> X.shape, X.dtype, int(y.sum())
    ((6, 32, 32, 3), dtype('uint8'), 3)
    """
    n = _whole("n", n, 1, "Ask for at least 1 picture")
    size = _check_size(size)
    seed = _whole("seed", seed, 0, "Pass a seed such as 0")
    order, scenes = np.random.SeedSequence(seed).spawn(2)
    y = _labels(n, np.random.default_rng(order))
    X = np.empty((n, size, size, 3), dtype=np.uint8)
    for i, state in enumerate(scenes.spawn(n)):
        X[i] = draw_pet(_KINDS[y[i]], size, np.random.default_rng(state))
    return X, y


def draw_pet(kind: str, size: int = 64, rng: np.random.Generator | int = 0) -> np.ndarray:
    """Draw one picture of a cat or a dog.

    Parameters
    ----------
    kind : {"cat", "dog"}
        The animal. The same seed gives the same scene with either.
    size : int
        Height and width in pixels, at least 16.
    rng : numpy.random.Generator or int
        Seed, or a source of random numbers that gives another picture at every call.

    Returns
    -------
    numpy.ndarray, shape (size, size, 3), uint8
        Red, green and blue, 0 to 255.

    Raises
    ------
    ValueError
        If `kind` is no known animal or `size` is not a whole number of at least 16.

    Examples
    --------
    >>> draw_pet("cat", size=64, rng=3).shape
    (64, 64, 3)
    """
    if kind not in _SPECIES:
        raise ValueError(f'kind must be "cat" or "dog", got {kind!r}. Pass one of the two')
    size = _check_size(size)
    back_rng, coat_rng, pose_rng, shape_rng, front_rng, light_rng = np.random.default_rng(rng).spawn(6)
    coat = random_coat(coat_rng)
    pose = random_pose(pose_rng)

    zoom = _supersampling(size)
    image = backdrop(size * zoom, back_rng, coat)
    scene = unit_pen(image)
    body = scene.placed(pose.x, pose.y, pose.unit, pose.lean, pose.mirror)
    species = _SPECIES[kind]
    rug(body, pose, front_rng)
    BODIES[pose.name](body, coat, species, shape_rng)
    species.head(body.placed(0.0, 0.0, 1.0, pose.tilt), coat, pose, shape_rng)
    foreground(scene, body, pose, front_rng)
    return lit(image.reduce(zoom), light_rng)


def _labels(n: int, rng: np.random.Generator) -> np.ndarray:
    """Labels of n pictures: each pair holds one cat and one dog, so every even beginning is balanced."""
    first = rng.integers(0, 2, size=(n + 1) // 2)
    y = np.stack([first, 1 - first], axis=1).ravel()[:n]
    if n % 2:
        y[-1] = 0
    return y.astype(np.int64)


def _whole(name: str, value: int, least: int, advice: str) -> int:
    """`value` as an int, or an error that names the argument."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}. {advice}")
    return int(value)


def _check_size(size: int) -> int:
    return _whole("size", size, _MIN_SIZE, f"In fewer than {_MIN_SIZE} pixels no animal can be told")


def _supersampling(size: int) -> int:
    """How many times larger the picture is drawn before it is averaged down, for smooth edges."""
    if size < 48:
        return 4
    return 3 if size < 100 else 2
