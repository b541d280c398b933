"""The coat: colours and pattern of the fur, the same for a cat and a dog."""

from dataclasses import dataclass

import numpy as np

from ._chance import between, pick
from ._colours import BLACK, BRIGHT, FUR, PINK, WHITE, Colour, jittered, luminance, mix

_SHADE: Colour = (92, 98, 118)
_IRISES: tuple[Colour, ...] = ((214, 168, 52), (126, 178, 78), (96, 158, 200), (146, 92, 46), (198, 120, 48))
_NOSES: tuple[Colour, ...] = ((40, 34, 38), (86, 56, 50), (204, 112, 116), (58, 48, 56))
_PATTERNS = ("plain", "stripes", "stripes", "patches", "patches", "blaze", "blaze", "points")


@dataclass(frozen=True)
class Coat:
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


def random_coat(rng: np.random.Generator) -> Coat:
    """Choose colours and a pattern that can be seen on each other."""
    fur = jittered(rng, pick(rng, FUR), 26)
    dark = luminance(fur) < 95
    # Markings must be seen, so they are well lighter than a dark coat, well darker than a light one.
    accent = mix(fur, pick(rng, FUR[2:6] if dark else (FUR[0], FUR[6], FUR[7])), between(rng, 0.5, 0.85))
    pattern = pick(rng, _PATTERNS)
    # Muzzle, chest, ears and outlines are lighter than the fur as often as darker: if they were always the one,
    # the brightness of a spot would hint at the animal whose larger muzzle or ear tends to be there.
    light = mix(fur, *pick(rng, ((WHITE, 0.4), (BLACK, 0.32))))
    if pattern == "blaze":
        light = mix(fur, WHITE, 0.85)
    return Coat(
        fur=fur,
        accent=accent,
        light=light,
        edge=mix(fur, WHITE, 0.3) if luminance(fur) < 80 else mix(fur, BLACK, 0.6),
        inner=mix(fur, pick(rng, (PINK, BLACK, _SHADE, WHITE)), 0.45),
        ear=mix(fur, BLACK if rng.random() < 0.5 else WHITE, 0.15),
        nose=pick(rng, _NOSES),
        iris=pick(rng, _IRISES),
        whisker=mix(fur, WHITE, 0.75) if luminance(fur) < 150 else mix(fur, BLACK, 0.6),
        pattern=pattern,
        collar=pick(rng, BRIGHT) if rng.random() < 0.4 else None,
    )
