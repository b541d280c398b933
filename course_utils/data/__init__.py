"""Every array and photograph in the book: where it comes from, its licence, its checksum, its embedded sample.

A loader looks into the folder ``COURSE_DATA_DIR``, then into the cache (``COURSE_CACHE_DIR``), then at the
public source, and last uses the sample that ships with the package. ``COURSE_DATA=embedded`` forces that sample,
``COURSE_DATA=real`` forbids it.
"""

from ._catalogue import editions
from ._download import cache_folder
from ._error import DataError
from ._images import Images, fashion_mnist, mnist
from ._lookup import mode
from ._photos import Photos, cats_vs_dogs, photo
from ._spiral import spiral
from ._stand_in import stand_in
from ._status import Dataset, catalogue, fetch, source_of

__all__ = [
    "DataError",
    "Dataset",
    "Images",
    "Photos",
    "cache_folder",
    "catalogue",
    "cats_vs_dogs",
    "editions",
    "fashion_mnist",
    "fetch",
    "mnist",
    "mode",
    "photo",
    "source_of",
    "spiral",
    "stand_in",
]
