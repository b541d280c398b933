"""Every array and photograph in the book."""
from ._spiral import spiral
__all__ = ["spiral"]
