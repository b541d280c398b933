"""Cats and dogs drawn by code: pictures without a download or a licence, as many as wanted.

A picture is made in layers: backdrop, body, head, something in front, light. Every layer has random numbers
of its own, and none of them but the species' shapes knows which animal is drawn. The same random state thus
gives the same scene with a cat or with a dog in it, so colour, place, size and background cannot tell them apart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from PIL import Image, ImageDraw

KINDS = ("cat", "dog")

_T = TypeVar("_T")
Colour = tuple[int, int, int]
# Points in local coordinates: x to the right, y down, one unit is about half the width of a head.
Points = Sequence[tuple[float, float]] | np.ndarray

_MIN_SIZE = 16
_WHITE: Colour = (250, 247, 240)
_BLACK: Colour = (26, 22, 26)
_PINK: Colour = (226, 132, 138)
_SHADE: Colour = (92, 98, 118)
_FUR: tuple[Colour, ...] = (
    (52, 48, 54),  # black
    (98, 100, 108),  # charcoal
    (166, 168, 174),  # silver
    (234, 230, 222),  # white
    (232, 209, 168),  # cream
    (226, 142, 66),  # ginger
    (162, 92, 54),  # red-brown
    (104, 72, 56),  # chocolate
    (208, 168, 98),  # golden
    (124, 138, 156),  # blue-grey
    (196, 160, 126),  # fawn
)
_IRISES: tuple[Colour, ...] = ((214, 168, 52), (126, 178, 78), (96, 158, 200), (146, 92, 46), (198, 120, 48))
_NOSES: tuple[Colour, ...] = ((40, 34, 38), (86, 56, 50), (204, 112, 116), (58, 48, 56))
_PATTERNS = ("plain", "stripes", "stripes", "patches", "patches", "blaze", "blaze", "points")
_BRIGHT: tuple[Colour, ...] = (
    (214, 64, 58),
    (46, 110, 186),
    (240, 186, 52),
    (70, 150, 92),
    (152, 84, 160),
    (236, 124, 60),
    (64, 168, 172),
    (228, 138, 164),
)


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
        X[i] = draw_pet(KINDS[y[i]], size, np.random.default_rng(state))
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
    if kind not in KINDS:
        raise ValueError(f'kind must be "cat" or "dog", got {kind!r}. Pass one of the two')
    size = _check_size(size)
    back_rng, coat_rng, pose_rng, shape_rng, front_rng, light_rng = np.random.default_rng(rng).spawn(6)
    coat = _random_coat(coat_rng)
    pose = _random_pose(pose_rng)

    zoom = _supersampling(size)
    image = _backdrop(size * zoom, back_rng, coat)
    scene = _unit_pen(image)
    body = scene.placed(pose.x, pose.y, pose.unit, pose.lean, pose.mirror)
    species = _SPECIES[kind]
    _rug(body, pose, front_rng)
    _BODIES[pose.name](body, coat, species, shape_rng)
    species.head(body.placed(0.0, 0.0, 1.0, pose.tilt), coat, pose, shape_rng)
    _foreground(scene, body, pose, front_rng)
    return _lit(image.reduce(zoom), light_rng)


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


def _unit_pen(image: Image.Image) -> "_Pen":
    """Pen for a whole picture: x and y run from 0 to 1."""
    side = image.width
    return _Pen(ImageDraw.Draw(image), np.array([[side, 0.0, 0.0], [0.0, side, 0.0]]))


# --- the pen ----------------------------------------------------------------------------------------------


class _Pen:
    """Draws in local coordinates; an affine matrix (2, 3) takes them to pixels."""

    def __init__(self, draw: ImageDraw.ImageDraw, matrix: np.ndarray):
        self.draw = draw
        self.matrix = matrix
        self.linear = matrix[:, :2].T.copy()
        self.offset = matrix[:, 2].copy()
        self.scale = math.sqrt(abs(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]))

    def placed(self, x: float, y: float, unit: float, angle: float = 0.0, mirror: bool = False) -> "_Pen":
        """Pen whose origin is at (x, y), turned by `angle` radians, one of its units `unit` long."""
        c, s = unit * math.cos(angle), unit * math.sin(angle)
        flip = -1.0 if mirror else 1.0
        inner = np.array([[c * flip, -s], [s * flip, c]])
        linear = self.matrix[:, :2]
        return _Pen(self.draw, np.column_stack([linear @ inner, linear @ (x, y) + self.offset]))

    def shape(self, points: Points, fill: Colour, edge: Colour | None = None, width: float = 0.05) -> None:
        """Polygon, with an outline `width` units wide if `edge` is given."""
        flat = self._pixels(points)
        self.draw.polygon(flat, fill=fill)
        if edge is not None:
            self.draw.line(flat + flat[:4], fill=edge, width=self._width(width))

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: Colour,
        angle: float = 0.0,
        edge: Colour | None = None,
    ) -> None:
        """Ellipse with half axes rx, ry, turned by `angle` radians."""
        c, s = math.cos(angle), math.sin(angle)
        self.shape(_CIRCLE @ np.array([[rx * c, rx * s], [-ry * s, ry * c]]) + (x, y), fill, edge)

    def ribbon(
        self, path: Points, widths: Sequence[float], fill: Colour, edge: Colour | None = None, width: float = 0.05
    ) -> None:
        """Round-ended band along a smooth path through the given points, as thick as `widths` says there."""
        self.shape(_band(path, widths), fill, edge, width)

    def line(self, points: Points, fill: Colour, width: float = 0.05) -> None:
        """Open line, `width` units thick and never thinner than a pixel."""
        self.draw.line(self._pixels(points), fill=fill, width=self._width(width))

    def _pixels(self, points: Points) -> list[float]:
        return (np.asarray(points) @ self.linear + self.offset).ravel().tolist()

    def _width(self, width: float) -> int:
        return max(1, round(width * self.scale))


_turns = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
_CIRCLE = np.column_stack([np.cos(_turns), np.sin(_turns)])
_STEPS = np.linspace(0.0, 1.0, 5, endpoint=False)
# Catmull-Rom: a smooth curve through four neighbours, evaluated between the middle two.
_CURVE = np.column_stack([np.ones(5), _STEPS, _STEPS**2, _STEPS**3]) @ (
    0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
)


@lru_cache
def _neighbours(m: int, closed: bool) -> np.ndarray:
    """Index, in shape (pieces, 4), the points that each piece of a curve through m points depends on."""
    near = np.arange(m if closed else m - 1)[:, None] + np.arange(-1, 3)
    return near % m if closed else near.clip(0, m - 1)


def _smooth(points: Points) -> np.ndarray:
    """Run a closed smooth curve through the points."""
    p = np.asarray(points, dtype=float)
    return (_CURVE @ p[_neighbours(len(p), closed=True)]).reshape(-1, p.shape[1])


def _smooth_open(points: Points) -> np.ndarray:
    """Run a smooth curve from the first point to the last."""
    p = np.asarray(points, dtype=float)
    return np.concatenate([(_CURVE @ p[_neighbours(len(p), closed=False)]).reshape(-1, p.shape[1]), p[-1:]])


def _band(path: Points, widths: Sequence[float]) -> np.ndarray:
    """Outline of a round-ended band; `widths` are half thicknesses at the points of the path."""
    curve = _smooth_open(np.column_stack([np.asarray(path, dtype=float), widths]))
    xy, half = curve[:, :2], curve[:, 2:]
    along = np.empty_like(xy)
    along[1:-1] = xy[2:] - xy[:-2]
    along[0], along[-1] = xy[1] - xy[0], xy[-1] - xy[-2]
    along /= np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    left, right = xy + normal * half, xy - normal * half
    return np.concatenate([left, _cap(xy[-1], along[-1], half[-1]), right[::-1], _cap(xy[0], -along[0], half[0])])


_CAP_ANGLES = np.linspace(np.pi / 2, -np.pi / 2, 8)[1:-1]
_CAP = np.column_stack([np.cos(_CAP_ANGLES), np.sin(_CAP_ANGLES)])


def _cap(centre: np.ndarray, along: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Half circle that closes a band, looking in the direction `along`."""
    frame = np.array([along, (-along[1], along[0])])
    return centre + radius * (_CAP @ frame)


def _mirrored(points: Points) -> np.ndarray:
    """Right half of a symmetric outline, top to bottom, completed by its left half."""
    p = np.asarray(points, dtype=float)
    inner = p[1:-1] if p[-1, 0] == 0 else p[1:]
    return np.concatenate([p, inner[::-1] * (-1.0, 1.0)])


# --- colours and chance -----------------------------------------------------------------------------------


def _mix(a: Colour, b: Colour, t: float) -> Colour:
    """Colour on the way from a (t = 0) to b (t = 1)."""
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def _luminance(c: Colour) -> float:
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def _pick(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    # Far quicker than rng.choice, which copies the choices into an array first.
    return choices[int(rng.random() * len(choices))]


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return low + (high - low) * rng.random()


def _jittered(rng: np.random.Generator, c: Colour, spread: float) -> Colour:
    shift = (rng.random(3) - 0.5 + (rng.random() - 0.5)) * spread
    r, g, b = (min(255, max(0, round(x + d))) for x, d in zip(c, shift.tolist(), strict=True))
    return r, g, b


@dataclass(frozen=True)
class _Coat:
    """Colours and pattern of the fur and of what is not fur; drawn without knowing the animal."""

    fur: Colour
    accent: Colour  # stripes, patches, points
    light: Colour  # muzzle, chest, white paws; not always lighter than the fur
    edge: Colour
    inner: Colour  # inside of an upright ear
    ear: Colour  # of an ear that hangs
    nose: Colour
    iris: Colour
    whisker: Colour
    pattern: str
    collar: Colour | None


def _random_coat(rng: np.random.Generator) -> _Coat:
    fur = _jittered(rng, _pick(rng, _FUR), 26)
    dark = _luminance(fur) < 95
    # Markings must be seen, so they are well lighter than a dark coat, well darker than a light one.
    accent = _mix(fur, _pick(rng, _FUR[2:6] if dark else (_FUR[0], _FUR[6], _FUR[7])), _between(rng, 0.5, 0.85))
    pattern = _pick(rng, _PATTERNS)
    # Muzzle, chest, ears and outlines are lighter than the fur as often as darker: if they were always the one,
    # the brightness of a spot would hint at the animal whose larger muzzle or ear tends to be there.
    light = _mix(fur, *_pick(rng, ((_WHITE, 0.4), (_BLACK, 0.32))))
    if pattern == "blaze":
        light = _mix(fur, _WHITE, 0.85)
    return _Coat(
        fur=fur,
        accent=accent,
        light=light,
        edge=_mix(fur, _WHITE, 0.3) if _luminance(fur) < 80 else _mix(fur, _BLACK, 0.6),
        inner=_mix(fur, _pick(rng, (_PINK, _BLACK, _SHADE, _WHITE)), 0.45),
        ear=_mix(fur, _BLACK if rng.random() < 0.5 else _WHITE, 0.15),
        nose=_pick(rng, _NOSES),
        iris=_pick(rng, _IRISES),
        whisker=_mix(fur, _WHITE, 0.75) if _luminance(fur) < 150 else _mix(fur, _BLACK, 0.6),
        pattern=pattern,
        collar=_pick(rng, _BRIGHT) if rng.random() < 0.4 else None,
    )


@dataclass(frozen=True)
class _Pose:
    """Where the animal is and how it holds itself; drawn without knowing the animal."""

    name: str
    x: float  # centre of the head, in picture widths
    y: float
    unit: float  # about half the width of the head, in picture widths
    lean: float  # turn of the whole animal, radians
    tilt: float  # further turn of the head
    yaw: float  # where it looks: -1 is left, 1 is right
    mirror: bool
    asleep: bool


# Left, top, right and bottom of what must be seen, in head units around the centre of the head.
_EXTENTS = {
    "portrait": (-1.45, -1.6, 1.45, 1.5),
    "sit": (-1.5, -1.6, 2.0, 3.4),
    "lie": (-1.45, -1.6, 3.7, 2.1),
    "stand": (-1.45, -1.6, 3.6, 3.2),
}
_POSES = ("portrait", "portrait", "portrait", "sit", "sit", "sit", "lie", "stand")


def _random_pose(rng: np.random.Generator) -> _Pose:
    name = _pick(rng, _POSES)
    mirror = rng.random() < 0.5
    left, top, right, bottom = _EXTENTS[name]
    if mirror:
        left, right = -right, -left
    fill = _between(rng, 0.58, 0.97) if name == "portrait" else _between(rng, 0.8, 1.0)
    unit = fill / max(right - left, bottom - top)
    return _Pose(
        name=name,
        x=_between(rng, -left * unit, 1.0 - right * unit),
        y=_between(rng, -top * unit, 1.0 - bottom * unit),
        unit=unit,
        lean=_between(rng, -0.15, 0.15) if name in ("portrait", "sit") else _between(rng, -0.1, 0.1),
        tilt=_between(rng, -0.3, 0.3),
        yaw=_between(rng, -0.8, 0.8),
        mirror=mirror,
        asleep=rng.random() < 0.06,
    )


# --- bodies -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Species:
    """The shapes that tell the animals apart."""

    head: Callable[[_Pen, _Coat, _Pose, np.random.Generator], None]
    shoulders: float  # how broad the chest is
    legs: float  # half the thickness of a leg
    tails: tuple[tuple[tuple[float, float, float], ...], ...]  # x, y, half thickness, from the rump on


def _tail(pen: _Pen, coat: _Coat, species: _Species, rng: np.random.Generator, x: float, y: float) -> None:
    """Tail that begins at the rump (x, y)."""
    path = np.array(_pick(rng, species.tails))
    path[1:, :2] += rng.normal(0.0, 0.06, size=(len(path) - 1, 2))
    path[:, :2] += (x, y)
    colour = coat.accent if coat.pattern == "points" else coat.fur
    pen.ribbon(path[:, :2], path[:, 2].tolist(), colour, coat.edge)
    if coat.pattern == "blaze":
        pen.ribbon(path[-2:, :2], (path[-1, 2] * 0.5, path[-1, 2]), coat.light)
    if coat.pattern == "stripes":
        for (x0, y0, w0), (x1, y1, w1) in zip(path[1:-1].tolist(), path[2:].tolist(), strict=True):
            across = math.atan2(y1 - y0, x1 - x0)
            pen.oval((x0 + x1) / 2, (y0 + y1) / 2, 0.07, (w0 + w1) * 0.45, coat.accent, across)


def _stripe(pen: _Pen, x0: float, y0: float, x1: float, y1: float, half: float, fill: Colour) -> None:
    """Pointed stripe, thick at (x0, y0)."""
    length = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (y1 - y0) / length * half, (x0 - x1) / length * half
    xm, ym = x0 * 0.6 + x1 * 0.4, y0 * 0.6 + y1 * 0.4
    pen.shape(
        (
            (x0 + dx, y0 + dy),
            (xm + dx * 0.8, ym + dy * 0.8),
            (x1, y1),
            (xm - dx * 0.8, ym - dy * 0.8),
            (x0 - dx, y0 - dy),
        ),
        fill,
    )


def _leg(pen: _Pen, coat: _Coat, x: float, top: float, bottom: float, half: float) -> None:
    """Upright leg, twice `half` thick, and its paw."""
    sock = {"points": coat.accent, "blaze": coat.light}.get(coat.pattern, coat.fur)
    pen.ribbon(((x, top), (x, bottom - half)), (half * 1.1, half), coat.fur, coat.edge)
    paw = bottom - half * 0.75
    pen.oval(x, paw, half * 1.35, half * 0.85, sock, edge=coat.edge)
    for toe in (x - 0.4 * half, x + 0.4 * half):
        pen.line(((toe, paw), (toe, paw + 0.6 * half)), coat.edge, 0.04)


def _neck(pen: _Pen, coat: _Coat, y: float) -> None:
    """Shadow of the chin at height y, and the collar."""
    pen.oval(0.0, y + 0.02, 0.46, 0.3, _mix(coat.fur, _BLACK, 0.22))
    if coat.collar is None:
        return
    pen.ribbon(((-0.62, y - 0.12), (0.0, y + 0.1), (0.62, y - 0.12)), (0.11, 0.11, 0.11), coat.collar)
    pen.oval(0.0, y + 0.28, 0.13, 0.13, (246, 206, 84), edge=(150, 112, 30))


def _sitting(pen: _Pen, coat: _Coat, species: _Species, rng: np.random.Generator) -> None:
    """Body that sits and faces the viewer; the portrait shows only its top."""
    w = species.shoulders
    _tail(pen, coat, species, rng, 0.8, 2.75)
    torso = ((0.0, 0.3), (0.5 * w, 0.6), (0.72 * w, 1.3), (0.88, 2.2), (0.98, 2.9), (0.7, 3.25), (0.0, 3.3))
    pen.shape(_smooth(_mirrored(torso)), coat.fur, coat.edge)
    for side in (-1, 1):
        pen.oval(side * 0.78, 2.75, 0.42, 0.52, coat.fur, side * 0.3, edge=coat.edge)
    pen.oval(0.0, 1.45, 0.42 * w, 0.75, coat.light)
    if coat.pattern == "stripes":
        for side in (-1, 1):
            for y in (1.25, 1.65, 2.05, 2.6, 2.9):
                out = 0.66 * w if y < 1.5 else (0.8 if y < 2.5 else 1.08)
                _stripe(pen, side * out, y, side * (out - 0.42), y + 0.1, 0.09, coat.accent)
    if coat.pattern == "patches":
        pen.oval(0.42 * w, 1.55, 0.24, 0.5, coat.accent, -0.2)
        pen.oval(-0.8, 2.7, 0.28, 0.36, coat.accent, -0.3)
    for side in (-1, 1):
        _leg(pen, coat, side * 0.3 * w, 2.0, 3.4, species.legs)
    _neck(pen, coat, 0.85)


def _lying(pen: _Pen, coat: _Coat, species: _Species, rng: np.random.Generator) -> None:
    """Body that lies to the right of the head."""
    _tail(pen, coat, species, rng, 2.75, 1.4)
    torso = (
        (-0.3, 0.5),
        (0.6, 0.25),
        (1.6, 0.3),
        (2.6, 0.5),
        (3.1, 1.1),
        (3.0, 1.85),
        (1.6, 2.0),
        (0.0, 1.95),
        (-0.55, 1.3),
    )
    pen.shape(_smooth(torso), coat.fur, coat.edge)
    _flank(pen, coat, 0.35, 1.2)
    pen.oval(2.45, 1.4, 0.6, 0.58, coat.fur, edge=coat.edge)
    pen.oval(-0.05, 1.45, 0.38, 0.4, coat.light)
    for x in (0.45, -0.15):
        half = species.legs * 1.1
        pen.ribbon(((x + 0.3, 1.75), (x - 0.75, 1.9)), (half, half), coat.fur, coat.edge)
        pen.oval(x - 0.85, 1.9, half * 1.3, half, coat.light if coat.pattern == "blaze" else coat.fur, edge=coat.edge)
    _neck(pen, coat, 0.9)


def _standing(pen: _Pen, coat: _Coat, species: _Species, rng: np.random.Generator) -> None:
    """Body that stands to the right of the head."""
    _tail(pen, coat, species, rng, 2.75, 1.0)
    for x in (0.55, 2.75):
        _leg(pen, coat, x, 1.4, 3.1, species.legs)
    torso = (
        (0.0, 0.2),
        (0.8, 0.45),
        (1.8, 0.55),
        (2.7, 0.55),
        (3.05, 1.1),
        (2.85, 1.75),
        (1.7, 1.75),
        (0.5, 1.95),
        (-0.3, 1.4),
    )
    pen.shape(_smooth(torso), coat.fur, coat.edge)
    _flank(pen, coat, 0.6, 1.05)
    pen.oval(0.0, 1.3, 0.36 * species.shoulders, 0.45, coat.light)
    for x in (0.05, 2.35):
        _leg(pen, coat, x, 1.5, 3.2, species.legs)
    _neck(pen, coat, 0.85)


def _flank(pen: _Pen, coat: _Coat, top: float, middle: float) -> None:
    """Pattern on the side of a body seen from the side."""
    if coat.pattern == "stripes":
        for x in (0.95, 1.35, 1.75, 2.15, 2.55):
            _stripe(pen, x, top, x - 0.1, middle + 0.25, 0.09, coat.accent)
    if coat.pattern == "patches":
        pen.oval(1.15, middle - 0.1, 0.42, 0.36, coat.accent, 0.3)
        pen.oval(2.1, middle, 0.5, 0.34, coat.accent, -0.2)


_BODIES: dict[str, Callable[[_Pen, _Coat, _Species, np.random.Generator], None]] = {
    "portrait": _sitting,
    "sit": _sitting,
    "lie": _lying,
    "stand": _standing,
}


# --- heads ------------------------------------------------------------------------------------------------


def _face_marks(pen: _Pen, coat: _Coat, shift: float) -> None:
    """Fur pattern of the face, below the features."""
    if coat.pattern == "stripes":
        for x in (-0.3, 0.0, 0.3):
            _stripe(pen, x + shift * 0.6, -0.82 + abs(x) * 0.15, x * 0.7 + shift, -0.38, 0.08, coat.accent)
        for side in (-1, 1):
            for y in (0.1, 0.36):
                _stripe(pen, side * 0.88, y, side * 0.55 + shift * 0.5, y + 0.03, 0.06, coat.accent)
    elif coat.pattern == "patches":
        pen.oval(0.42 + shift, -0.18, 0.38, 0.46, coat.accent, 0.3)
    elif coat.pattern == "blaze":
        blaze = ((0.0, -0.8), (0.1, -0.4), (0.16, 0.0), (0.4, 0.3), (0.42, 0.62), (0.0, 0.82))
        pen.shape(_smooth(np.add(_mirrored(blaze), (shift, 0.0))), coat.light)


def _ear_colour(coat: _Coat, side: int, plain: Colour) -> Colour:
    """Fur of the ear on one side (-1 or 1), `plain` if the pattern does not colour it."""
    coloured = coat.pattern == "points" or (coat.pattern == "patches" and side < 0)
    return coat.accent if coloured else plain


def _cat_head(pen: _Pen, coat: _Coat, pose: _Pose, rng: np.random.Generator) -> None:
    shift = 0.2 * pose.yaw
    spread, tall = _between(rng, 0.9, 1.08), _between(rng, 0.95, 1.12)
    half = ((0.0, -0.84), (0.55, -0.74), (0.95, -0.28), (1.06, 0.22), (0.74, 0.66), (0.3, 0.84), (0.0, 0.87))
    head = _smooth(_mirrored(half))
    ears = [_cat_ear(side, spread, tall, pose.yaw) for side in (-1, 1)]
    for ear in ears:
        pen.shape(ear, coat.edge, coat.edge, 0.1)
    pen.shape(head, coat.fur, coat.edge)
    for side, ear in zip((-1, 1), ears, strict=True):
        pen.shape(ear, _ear_colour(coat, side, coat.fur))
        base = ear[[0, -1]].mean(axis=0)
        pen.shape((ear - base) * 0.62 + base + (0.0, -0.08), coat.inner)
    pen.oval(0.0, 0.1, 0.92, 0.66, coat.fur)  # covers the roots of the ears
    _face_marks(pen, coat, shift)
    _cat_eyes(pen, coat, shift, pose.asleep, rng)
    _cat_muzzle(pen, coat, shift * 1.25, rng)


def _cat_ear(side: int, spread: float, tall: float, yaw: float) -> np.ndarray:
    """Upright, pointed ear; the one turned away is narrower."""
    far = 1.0 - 0.25 * max(0.0, side * yaw)
    ear = np.array([(0.1, -0.66), (0.3, -1.12), (0.66, -1.6), (0.88, -1.1), (0.96, -0.2)])
    ear[:, 1] = (ear[:, 1] + 0.5) * tall - 0.5
    ear[:, 0] = (ear[:, 0] * spread - 0.1) * far + 0.1
    return ear * (side, 1.0) - (0.06 * yaw, 0.0)


_SHUT = ((-0.22, 0.0), (-0.1, 0.08), (0.1, 0.08), (0.22, 0.0))  # the lid of a closed eye


def _cat_eyes(pen: _Pen, coat: _Coat, shift: float, asleep: bool, rng: np.random.Generator) -> None:
    """Slanting almond eyes with an upright pupil."""
    pupil = _between(rng, 0.06, 0.13)
    for side in (-1, 1):
        eye = pen.placed(side * 0.42 + shift, -0.08, 1.0, side * -0.22)
        if asleep:
            eye.line(_SHUT, coat.edge, 0.07)
            continue
        lid = _smooth(((-0.26, 0.03), (-0.1, -0.17), (0.12, -0.16), (0.26, -0.03), (0.1, 0.16), (-0.12, 0.16)))
        eye.shape(lid, coat.iris, _BLACK, 0.06)
        eye.oval(0.0, 0.0, pupil, 0.16, _BLACK)
        eye.oval(-0.06, -0.07, 0.045, 0.045, _WHITE)


def _cat_muzzle(pen: _Pen, coat: _Coat, shift: float, rng: np.random.Generator) -> None:
    """Two small pads, a triangle of a nose, a mouth like a w, whiskers."""
    pen.oval(shift, 0.6, 0.16, 0.14, coat.light)
    for side in (-1, 1):
        pen.oval(side * 0.17 + shift, 0.43, 0.24, 0.18, coat.light)
    if rng.random() < 0.2:
        pen.oval(shift, 0.64, 0.09, 0.13, _PINK)
    pen.line(((shift, 0.3), (shift, 0.46)), coat.edge, 0.05)
    for side in (-1, 1):
        smile = ((shift, 0.46), (side * 0.1 + shift, 0.55), (side * 0.22 + shift, 0.53), (side * 0.28 + shift, 0.46))
        pen.line(smile, coat.edge, 0.05)
        for slope in (-0.16, 0.02, 0.2):
            root, tip = (side * 0.26 + shift, 0.42 + slope * 0.3), (side * 1.25 + shift, 0.38 + slope * 1.2)
            pen.line((root, tip), coat.whisker, 0.03)
    nose = ((-0.13, 0.2), (0.0, 0.18), (0.13, 0.2), (0.05, 0.31), (0.0, 0.34), (-0.05, 0.31))
    pen.shape(np.add(nose, (shift, 0.0)), coat.nose)


def _dog_head(pen: _Pen, coat: _Coat, pose: _Pose, rng: np.random.Generator) -> None:
    shift = 0.24 * pose.yaw
    ears = _pick(rng, (_hanging_ear, _hanging_ear, _folded_ear, _flying_ear))
    length = _between(rng, 0.9, 1.12)
    head = ((0.0, -0.92), (0.5, -0.84), (0.84, -0.4), (0.86, 0.1), (0.66, 0.6), (0.3, 0.84), (0.0, 0.88))
    pen.shape(_smooth(_mirrored(head)), coat.fur, coat.edge)
    _face_marks(pen, coat, shift)
    _dog_eyes(pen, coat, shift, pose.asleep)
    _dog_muzzle(pen, coat, pose.yaw, rng)
    for side in (-1, 1):
        far = 1.0 - 0.2 * max(0.0, side * pose.yaw)
        ears(pen.placed(-0.06 * pose.yaw, 0.0, 1.0), coat, side, length, far)


def _hanging_ear(pen: _Pen, coat: _Coat, side: int, length: float, far: float) -> None:
    """Long ear that hangs beside the cheek."""
    ear = np.array([(0.5, -0.82), (0.86, -0.78), (1.14, -0.2), (1.24, 0.45), (1.05, 0.82), (0.82, 0.5), (0.76, -0.1)])
    ear[:, 1] = (ear[:, 1] + 0.8) * length - 0.8
    pen.shape(_smooth(ear * (side * far, 1.0)), _ear_colour(coat, side, coat.ear), coat.edge)


def _folded_ear(pen: _Pen, coat: _Coat, side: int, length: float, far: float) -> None:
    """Ear that stands half and folds over, its tip beside the brow."""
    stem = np.array([(0.2, -0.78), (0.4, -1.16), (0.78, -1.22), (0.96, -0.85), (0.78, -0.35)])
    flap = np.array([(0.36, -1.12), (0.72, -1.26), (1.08, -1.02), (1.28, -0.5), (1.06, -0.34), (0.78, -0.62)])
    flap[:, 1] = (flap[:, 1] + 1.2) * length - 1.2
    pen.shape(_smooth(stem * (side * far, 1.0)), _ear_colour(coat, side, coat.fur), coat.edge)
    pen.shape(_smooth(flap * (side * far, 1.0)), _ear_colour(coat, side, coat.ear), coat.edge)


def _flying_ear(pen: _Pen, coat: _Coat, side: int, length: float, far: float) -> None:
    """Ear that stands off sideways and droops."""
    ear = np.array([(0.5, -0.8), (0.9, -0.86), (1.34, -0.55), (1.56, -0.05), (1.38, 0.2), (1.06, -0.05), (0.76, -0.3)])
    ear[:, 0] = (ear[:, 0] - 0.5) * length + 0.5
    pen.shape(_smooth(ear * (side * far, 1.0)), _ear_colour(coat, side, coat.ear), coat.edge)


def _dog_eyes(pen: _Pen, coat: _Coat, shift: float, asleep: bool) -> None:
    """Round eyes, mostly pupil, under brows."""
    for side in (-1, 1):
        x = side * 0.36 + shift
        brow = ((x - 0.14, -0.5 - side * 0.04), (x, -0.54), (x + 0.14, -0.5 + side * 0.04))
        pen.line(brow, coat.edge, 0.06)
        if asleep:
            pen.line(np.add(_SHUT, (x, -0.18)), coat.edge, 0.07)
            continue
        pen.oval(x, -0.2, 0.18, 0.19, coat.iris, edge=_BLACK)
        pen.oval(x, -0.19, 0.1, 0.11, _BLACK)
        pen.oval(x - 0.05, -0.26, 0.045, 0.045, _WHITE)


_SMILE = ((-0.34, 0.14), (-0.2, 0.29), (0.0, 0.24), (0.2, 0.29), (0.34, 0.14))


def _dog_muzzle(pen: _Pen, coat: _Coat, yaw: float, rng: np.random.Generator) -> None:
    """Long muzzle that points where the dog looks, a big nose at its end, perhaps a tongue."""
    x, y = 0.62 * yaw, _between(rng, 0.56, 0.68)
    if rng.random() < 0.45:
        tongue = ((x * 0.95, y + 0.35), (x + 0.02, y + 0.62), (x + 0.03, y + 0.78))
        pen.ribbon(tongue, (0.17, 0.17, 0.14), _PINK, _mix(_PINK, _BLACK, 0.45))
    pen.ribbon(((0.24 * yaw, 0.05), (x * 0.7, y * 0.6), (x, y + 0.06)), (0.27, 0.4, 0.42), coat.light, coat.edge)
    bridge = coat.light if coat.pattern == "blaze" else coat.fur
    pen.ribbon(((0.24 * yaw, -0.1), (x * 0.6, y * 0.5)), (0.2, 0.26), bridge)
    pen.line(((x, y), (x, y + 0.26)), coat.edge, 0.06)
    pen.line(np.add(_SMILE, (x, y)), coat.edge, 0.06)
    pen.oval(x, y - 0.12, 0.24, 0.17, coat.nose)
    pen.oval(x - 0.07, y - 0.19, 0.06, 0.035, _mix(coat.nose, _WHITE, 0.7))


_SPECIES = {
    "cat": _Species(
        head=_cat_head,
        shoulders=0.88,
        legs=0.2,
        tails=(
            ((0.0, 0.0, 0.17), (0.6, 0.1, 0.16), (0.98, -0.4, 0.15), (0.8, -1.0, 0.15), (1.05, -1.5, 0.14)),
            ((0.0, 0.0, 0.17), (0.55, -0.2, 0.16), (0.75, -0.9, 0.15), (0.5, -1.5, 0.15), (0.1, -1.6, 0.14)),
            ((0.0, 0.0, 0.17), (0.6, 0.0, 0.16), (0.85, -0.7, 0.15), (0.85, -1.5, 0.14), (0.55, -1.75, 0.13)),
        ),
    ),
    "dog": _Species(
        head=_dog_head,
        shoulders=1.12,
        legs=0.25,
        tails=(
            ((0.0, 0.0, 0.24), (0.5, -0.25, 0.2), (0.8, -0.75, 0.12), (0.9, -1.15, 0.04)),
            ((0.0, 0.0, 0.22), (0.45, -0.4, 0.26), (0.85, -0.8, 0.26), (1.0, -1.2, 0.06)),
            ((0.0, 0.0, 0.2), (0.4, -0.5, 0.2), (0.25, -0.95, 0.18), (-0.1, -0.8, 0.1)),
        ),
    ),
}


# --- backdrop ---------------------------------------------------------------------------------------------


def _backdrop(side: int, rng: np.random.Generator, coat: _Coat) -> Image.Image:
    """Picture (side, side) with everything behind the animal."""
    return _pick(rng, (_room, _room, _meadow, _meadow, _fabric, _blobs))(side, rng, coat)


def _shade(rng: np.random.Generator, coat: _Coat) -> Colour:
    """Colour of a large area: any hue, muted, not as light or dark as the fur in front of it."""
    colour = _mix(_jittered(rng, _pick(rng, _BRIGHT + _FUR), 60), (150, 142, 134), _between(rng, 0.1, 0.75))
    fur = _luminance(coat.fur)
    target = _between(rng, 40, 215)
    if abs(target - fur) < 45:
        target = fur + 70 if fur < 128 else fur - 70
    now = _luminance(colour)
    return (
        _mix(colour, _BLACK, 1 - target / now) if target < now else _mix(colour, _WHITE, (target - now) / (256 - now))
    )


def _gradient(side: int, corners: Sequence[Colour]) -> Image.Image:
    """Smooth picture between the colours of its four corners."""
    small = Image.new("RGB", (2, 2))
    small.putdata(list(corners))
    return small.resize((side, side), Image.Resampling.BILINEAR)


def _room(side: int, rng: np.random.Generator, coat: _Coat) -> Image.Image:
    """Wall and floor with a piece or two of furniture."""
    wall, floor = _shade(rng, coat), _shade(rng, coat)
    image = _gradient(side, (wall, _mix(wall, _BLACK, 0.25), _mix(wall, _WHITE, 0.2), wall))
    pen = _unit_pen(image)
    horizon = _between(rng, 0.5, 0.85)
    if rng.random() < 0.4:
        paper, step = _mix(wall, _WHITE, 0.18), _between(rng, 0.08, 0.2)
        for x in np.arange(rng.random() * step, 1.0, step).tolist():
            pen.shape(((x, 0.0), (x + step / 2, 0.0), (x + step / 2, 1.0), (x, 1.0)), paper)
    for _ in range(int(rng.random() * 3)):
        x, y, w, h = (
            _between(rng, -0.1, 0.9),
            _between(rng, 0.0, 0.3),
            _between(rng, 0.15, 0.35),
            _between(rng, 0.15, 0.3),
        )
        _box(pen, x, y, w, h, _jittered(rng, _pick(rng, _BRIGHT), 60), _shade(rng, coat))
    pen.shape(((0.0, horizon), (1.0, horizon), (1.0, 1.0), (0.0, 1.0)), floor)
    if rng.random() < 0.6:
        x, w, top = _between(rng, -0.2, 0.8), _between(rng, 0.25, 0.6), horizon - _between(rng, 0.1, 0.3)
        _box(pen, x, top, w, horizon + 0.1 - top, _shade(rng, coat), _shade(rng, coat))
    return image


def _box(pen: _Pen, x: float, y: float, w: float, h: float, frame: Colour, inside: Colour) -> None:
    """Window, picture or piece of furniture."""
    for inset, colour in ((0.0, frame), (min(w, h) * 0.14, inside)):
        x0, y0, x1, y1 = x + inset, y + inset, x + w - inset, y + h - inset
        pen.shape(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), colour)


def _meadow(side: int, rng: np.random.Generator, coat: _Coat) -> Image.Image:
    """Sky, hills, trees and grass."""
    sky, land = _shade(rng, coat), _shade(rng, coat)
    if rng.random() < 0.6:
        sky, land = _mix(sky, (132, 190, 236), 0.55), _mix(land, (104, 160, 76), 0.55)
    image = _gradient(side, (sky, sky, _mix(sky, _WHITE, 0.5), _mix(sky, _WHITE, 0.4)))
    pen = _unit_pen(image)
    horizon = _between(rng, 0.4, 0.8)
    for _ in range(int(rng.random() * 3)):
        x, y, r = rng.random(), _between(rng, 0.05, 0.35), _between(rng, 0.05, 0.12)
        pen.oval(x, y, r * 2, r, _mix(sky, _WHITE, 0.7))
    for _ in range(int(rng.random() * 4)):
        x, w, h = rng.random(), _between(rng, 0.08, 0.25), _between(rng, 0.12, 0.4)
        leaf = _jittered(rng, land, 70)
        if rng.random() < 0.5:
            pen.shape(((x - w, horizon), (x, horizon - h), (x + w, horizon)), leaf)
        else:
            pen.oval(x, horizon - h * 0.6, w * 0.8, h * 0.6, leaf)
    pen.shape(((0.0, horizon), (0.5, horizon - _between(rng, 0.0, 0.08)), (1.0, horizon), (1.0, 1.0), (0.0, 1.0)), land)
    _grass(pen, rng, _mix(land, _BLACK, 0.22), 10, horizon, 1.0)
    return image


def _grass(pen: _Pen, rng: np.random.Generator, colour: Colour, n: int, top: float, bottom: float) -> None:
    """Tufts of three blades."""
    for x, y, h in (rng.random((n, 3)) * (1.0, bottom - top, 0.08) + (0.0, top, 0.04)).tolist():
        tuft = (
            (x - 0.03, y),
            (x - 0.03, y - h),
            (x - 0.01, y - h / 2),
            (x, y - h * 1.3),
            (x + 0.01, y - h / 2),
            (x + 0.03, y - h),
            (x + 0.03, y),
        )
        pen.shape(tuft, colour)


def _fabric(side: int, rng: np.random.Generator, coat: _Coat) -> Image.Image:
    """Blanket with slanting stripes."""
    ground, other = _shade(rng, coat), _shade(rng, coat)
    image = _gradient(side, (ground, _mix(ground, _WHITE, 0.2), _mix(ground, _BLACK, 0.2), ground))
    turned = _unit_pen(image).placed(0.5, 0.5, 1.0, _between(rng, 0.0, math.pi))
    step = _between(rng, 0.1, 0.3)
    for x in np.arange(-0.8, 0.8, step).tolist():
        turned.shape(((x, -0.8), (x + step * 0.45, -0.8), (x + step * 0.45, 0.8), (x, 0.8)), other)
    return image


def _blobs(side: int, rng: np.random.Generator, coat: _Coat) -> Image.Image:
    """Out-of-focus background: round and pointed things."""
    corners = [_shade(rng, coat) for _ in range(4)]
    image = _gradient(side, corners)
    pen = _unit_pen(image)
    for x, y, r, angle in (rng.random((8, 4)) * (1.0, 1.0, 0.14, 6.3) + (0.0, 0.0, 0.03, 0.0)).tolist():
        colour = _mix(_pick(rng, corners), _pick(rng, _BRIGHT), 0.4)
        if rng.random() < 0.6:
            pen.oval(x, y, r, r, colour)
        else:
            pen.placed(x, y, r, angle).shape(((0.0, -1.3), (1.0, 0.8), (-1.0, 0.8)), colour)
    return image


# --- in front of the animal, and light --------------------------------------------------------------------


# Middle, half width and height of the ground that a body covers, in head units.
_GROUNDS = {"sit": (0.15, 1.75, 3.2), "lie": (1.15, 2.6, 1.85), "stand": (1.4, 2.3, 3.05)}


def _rug(body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    """Rug or cushion that the animal now and then has under it."""
    if pose.name not in _GROUNDS or rng.random() < 0.25:
        return
    x, half, y = _GROUNDS[pose.name]
    colour = _jittered(rng, _pick(rng, _BRIGHT + _FUR), 50)
    thick = _between(rng, 0.3, 0.6)
    level = pose.lean if pose.mirror else -pose.lean  # the animal leans, the ground does not
    body.oval(x, y, half, thick, colour, level, edge=_mix(colour, _BLACK, 0.35))
    body.oval(x, y - 0.04, half * 0.88, thick * 0.78, _mix(colour, _pick(rng, (_WHITE, _BLACK)), 0.2), level)


def _foreground(scene: _Pen, body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    """Now and then something in front: never over the face, at most over one ear."""
    if rng.random() < 0.55:
        return
    _pick(rng, (_ball, _plant, _bar, _tufts))(scene, body, pose, rng)


def _ball(scene: _Pen, body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    colour = _pick(rng, _BRIGHT)
    r = _between(rng, 0.4, 0.65)
    x, y = _between(rng, -1.4, 1.4), 1.35 + r + _between(rng, 0.0, 0.8)
    body.oval(x, y, r, r, colour, edge=_mix(colour, _BLACK, 0.5))
    body.oval(x, y, r * 0.35, r * 0.95, _mix(colour, _WHITE, 0.6), _between(rng, 0.0, 3.0))
    body.oval(x - r * 0.4, y - r * 0.45, r * 0.16, r * 0.16, _WHITE)


def _plant(scene: _Pen, body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    """Leaves that grow from the lower edge beside the face."""
    green = _jittered(rng, (92, 156, 84), 70)
    edge = _mix(green, _BLACK, 0.45)
    side = -1 if rng.random() < 0.5 else 1
    x = pose.x + side * pose.unit * _between(rng, 1.0, 1.8)
    top = pose.y + pose.unit * _between(rng, 0.2, 0.9)
    for k, lean in enumerate((-0.2, 0.2, -0.1, 0.1, 0.0)):
        tip = top + abs(lean) * 0.7
        stem = ((x + lean * 0.2, 1.05), (x + lean * 0.5, tip * 0.45 + 0.55), (x + lean, tip))
        scene.ribbon(stem, (0.01, 0.032, 0.004), _mix(green, _WHITE, 0.07 * k), edge, 0.008)


def _bar(scene: _Pen, body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    """Post or rail, in front of an ear's outer part or of the body."""
    wood = _jittered(rng, _pick(rng, ((150, 110, 74), (210, 206, 198), (84, 74, 70))), 40)
    half = _between(rng, 0.025, 0.045)
    if rng.random() < 0.5:
        side = -1 if rng.random() < 0.5 else 1
        x = pose.x + side * pose.unit * _between(rng, 0.85, 1.4)
        rail = ((x - half, -0.1), (x + half, -0.1), (x + half, 1.1), (x - half, 1.1))
    else:
        y = pose.y + pose.unit * _between(rng, 1.3, 2.2)
        rail = ((-0.1, y - half), (1.1, y - half), (1.1, y + half), (-0.1, y + half))
    scene.shape(rail, wood, _mix(wood, _BLACK, 0.4), 0.012)


def _tufts(scene: _Pen, body: _Pen, pose: _Pose, rng: np.random.Generator) -> None:
    """Grass along the lower edge."""
    _grass(scene, rng, _jittered(rng, (84, 140, 66), 60), 16, 0.98, 1.06)


def _lit(image: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """Picture as an array under a light: brightness, tint, a slope of shade, grain."""
    pixels = np.asarray(image, dtype=np.float32)
    size = len(pixels)
    angle, slope = _between(rng, 0.0, 2 * math.pi), _between(rng, 0.0, 0.4)
    across = np.linspace(-0.5, 0.5, size, dtype=np.float32)
    shade = 1.0 + slope * (math.cos(angle) * across + math.sin(angle) * across[:, None])
    gain = (_between(rng, 0.78, 1.16) * (1.0 + (rng.random(3) - 0.5) * 0.14)).astype(np.float32)
    lit = pixels * gain * shade[:, :, None]
    lit += rng.standard_normal(pixels.shape, dtype=np.float32) * np.float32(_between(rng, 0.0, 6.0))
    return np.clip(lit, 0.0, 255.0).astype(np.uint8)
