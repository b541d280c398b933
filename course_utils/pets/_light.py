"""The light on a finished picture."""

import math

import numpy as np
from PIL import Image

from ._chance import between


def lit(image: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """Picture as an array under a light: brightness, tint, a slope of shade, grain."""
    pixels = np.asarray(image, dtype=np.float32)
    size = len(pixels)
    angle, slope = between(rng, 0.0, 2 * math.pi), between(rng, 0.0, 0.4)
    across = np.linspace(-0.5, 0.5, size, dtype=np.float32)
    shade = 1.0 + slope * (math.cos(angle) * across + math.sin(angle) * across[:, None])
    gain = (between(rng, 0.78, 1.16) * (1.0 + (rng.random(3) - 0.5) * 0.14)).astype(np.float32)
    shaded = pixels * gain * shade[:, :, None]
    shaded += rng.standard_normal(pixels.shape, dtype=np.float32) * np.float32(between(rng, 0.0, 6.0))
    return np.clip(shaded, 0.0, 255.0).astype(np.uint8)
