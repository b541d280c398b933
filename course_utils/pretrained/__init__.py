"""Trained networks that come with the package: the same on every machine, and they say what they are.

A network is a file in ``weights``: its numbers, rounded to half precision, and a description of how they came about. A
chapter that loads one notes the file's digest, so that its outputs go stale when the file changes, and only then.
"""

from ._cats_and_dogs import cats_and_dogs
from ._digits import digits
from ._error import PretrainedError
from ._file import about, arrays
from ._pack import pack
from ._squeezenet import squeezenet

__all__ = ["PretrainedError", "about", "arrays", "cats_and_dogs", "digits", "pack", "squeezenet"]
