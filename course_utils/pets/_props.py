"""Things around the animal: a rug under it; a ball, a plant, a bar or grass in front of it."""

import numpy as np

from ._backdrop import grass
from ._chance import between, pick
from ._colours import BLACK, BRIGHT, FUR, WHITE, jittered, mix
from ._pen import Pen
from ._pose import Pose

# Middle, half width and height of the ground that a body covers, in head units.
_GROUNDS = {"sit": (0.15, 1.75, 3.2), "lie": (1.15, 2.6, 1.85), "stand": (1.4, 2.3, 3.05)}


def rug(body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    """Rug or cushion that the animal now and then has under it."""
    if pose.name not in _GROUNDS or rng.random() < 0.25:
        return
    x, half, y = _GROUNDS[pose.name]
    colour = jittered(rng, pick(rng, BRIGHT + FUR), 50)
    thick = between(rng, 0.3, 0.6)
    level = pose.lean if pose.mirror else -pose.lean  # the animal leans, the ground does not
    body.oval(x, y, half, thick, colour, level, edge=mix(colour, BLACK, 0.35))
    body.oval(x, y - 0.04, half * 0.88, thick * 0.78, mix(colour, pick(rng, (WHITE, BLACK)), 0.2), level)


def foreground(scene: Pen, body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    """Now and then something in front: never over the face, at most over one ear."""
    if rng.random() < 0.55:
        return
    pick(rng, (_ball, _plant, _bar, _tufts))(scene, body, pose, rng)


def _ball(scene: Pen, body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    colour = pick(rng, BRIGHT)
    r = between(rng, 0.4, 0.65)
    x, y = between(rng, -1.4, 1.4), 1.35 + r + between(rng, 0.0, 0.8)
    body.oval(x, y, r, r, colour, edge=mix(colour, BLACK, 0.5))
    body.oval(x, y, r * 0.35, r * 0.95, mix(colour, WHITE, 0.6), between(rng, 0.0, 3.0))
    body.oval(x - r * 0.4, y - r * 0.45, r * 0.16, r * 0.16, WHITE)


def _plant(scene: Pen, body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    """Leaves that grow from the lower edge beside the face."""
    green = jittered(rng, (92, 156, 84), 70)
    edge = mix(green, BLACK, 0.45)
    side = -1 if rng.random() < 0.5 else 1
    x = pose.x + side * pose.unit * between(rng, 1.0, 1.8)
    top = pose.y + pose.unit * between(rng, 0.2, 0.9)
    for k, lean in enumerate((-0.2, 0.2, -0.1, 0.1, 0.0)):
        tip = top + abs(lean) * 0.7
        stem = ((x + lean * 0.2, 1.05), (x + lean * 0.5, tip * 0.45 + 0.55), (x + lean, tip))
        scene.ribbon(stem, (0.01, 0.032, 0.004), mix(green, WHITE, 0.07 * k), edge, 0.008)


def _bar(scene: Pen, body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    """Post or rail, in front of an ear's outer part or of the body."""
    wood = jittered(rng, pick(rng, ((150, 110, 74), (210, 206, 198), (84, 74, 70))), 40)
    half = between(rng, 0.025, 0.045)
    if rng.random() < 0.5:
        side = -1 if rng.random() < 0.5 else 1
        x = pose.x + side * pose.unit * between(rng, 0.85, 1.4)
        rail = ((x - half, -0.1), (x + half, -0.1), (x + half, 1.1), (x - half, 1.1))
    else:
        y = pose.y + pose.unit * between(rng, 1.3, 2.2)
        rail = ((-0.1, y - half), (1.1, y - half), (1.1, y + half), (-0.1, y + half))
    scene.shape(rail, wood, mix(wood, BLACK, 0.4), 0.012)


def _tufts(scene: Pen, body: Pen, pose: Pose, rng: np.random.Generator) -> None:
    """Grass along the lower edge."""
    grass(scene, rng, jittered(rng, (84, 140, 66), 60), 16, 0.98, 1.06)
