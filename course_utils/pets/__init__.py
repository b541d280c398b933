"""Pictures of cats and dogs drawn by code from a seed: no download, no licence, as many as wanted.

A picture is made in layers: backdrop, body, head, something in front, light. Every layer has random numbers
of its own, and none of them but the species' shapes knows which animal is drawn. The same random state thus
gives the same scene with a cat or with a dog in it, so colour, place, size and background cannot tell them apart.
"""

from ._draw import draw_pet, draw_pets

__all__ = ["draw_pet", "draw_pets"]

# Says which pictures a seed gives; what is kept of them elsewhere is named after it. A change that alters a picture
# raises it, and `python -m tests.pets_table` then writes the table that tells when a picture was altered.
EDITION = "1"
