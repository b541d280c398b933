"""The pen: everything in a picture but its light is a stroke of it."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from ._colours import Colour
from ._curves import Points, band

_ANGLES = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
_CIRCLE = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])


class Pen:
    """Draws in local coordinates; an affine matrix (2, 3) takes them to pixels."""

    def __init__(self, draw: ImageDraw.ImageDraw, matrix: np.ndarray):
        self.draw = draw
        self.matrix = matrix
        self.linear = matrix[:, :2].T.copy()
        self.offset = matrix[:, 2].copy()
        self.scale = math.sqrt(abs(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]))

    def placed(self, x: float, y: float, unit: float, angle: float = 0.0, mirror: bool = False) -> "Pen":
        """Pen whose origin is at (x, y), turned by `angle` radians, one of its units `unit` long."""
        c, s = unit * math.cos(angle), unit * math.sin(angle)
        flip = -1.0 if mirror else 1.0
        inner = np.array([[c * flip, -s], [s * flip, c]])
        linear = self.matrix[:, :2]
        return Pen(self.draw, np.column_stack([linear @ inner, linear @ (x, y) + self.offset]))

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
        self.shape(band(path, widths), fill, edge, width)

    def line(self, points: Points, fill: Colour, width: float = 0.05) -> None:
        """Open line, `width` units thick and never thinner than a pixel."""
        self.draw.line(self._pixels(points), fill=fill, width=self._width(width))

    def stripe(self, x0: float, y0: float, x1: float, y1: float, half: float, fill: Colour) -> None:
        """Pointed stripe, thick at (x0, y0)."""
        length = math.hypot(x1 - x0, y1 - y0)
        dx, dy = (y1 - y0) / length * half, (x0 - x1) / length * half
        xm, ym = x0 * 0.6 + x1 * 0.4, y0 * 0.6 + y1 * 0.4
        self.shape(
            (
                (x0 + dx, y0 + dy),
                (xm + dx * 0.8, ym + dy * 0.8),
                (x1, y1),
                (xm - dx * 0.8, ym - dy * 0.8),
                (x0 - dx, y0 - dy),
            ),
            fill,
        )

    def _pixels(self, points: Points) -> list[float]:
        return (np.asarray(points) @ self.linear + self.offset).ravel().tolist()

    def _width(self, width: float) -> int:
        return max(1, round(width * self.scale))


def unit_pen(image: Image.Image) -> Pen:
    """Pen for a whole picture: x and y run from 0 to 1."""
    side = image.width
    return Pen(ImageDraw.Draw(image), np.array([[side, 0.0, 0.0], [0.0, side, 0.0]]))
