"""Smooth outlines through a few points."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

# Points in local coordinates: x to the right, y down, one unit is about half the width of a head.
Points = Sequence[tuple[float, float]] | np.ndarray

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


def smooth(points: Points) -> np.ndarray:
    """Run a closed smooth curve through the points."""
    p = np.asarray(points, dtype=float)
    return (_CURVE @ p[_neighbours(len(p), closed=True)]).reshape(-1, p.shape[1])


def smooth_open(points: Points) -> np.ndarray:
    """Run a smooth curve from the first point to the last."""
    p = np.asarray(points, dtype=float)
    return np.concatenate([(_CURVE @ p[_neighbours(len(p), closed=False)]).reshape(-1, p.shape[1]), p[-1:]])


def band(path: Points, widths: Sequence[float]) -> np.ndarray:
    """Outline of a round-ended band; `widths` are half thicknesses at the points of the path."""
    curve = smooth_open(np.column_stack([np.asarray(path, dtype=float), widths]))
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


def mirrored(points: Points) -> np.ndarray:
    """Right half of a symmetric outline, top to bottom, completed by its left half."""
    p = np.asarray(points, dtype=float)
    inner = p[1:-1] if p[-1, 0] == 0 else p[1:]
    return np.concatenate([p, inner[::-1] * (-1.0, 1.0)])
