"""Save the example of the laboratory that opens networks: ``python book/record_example.py``, in seconds.

It is the network for digits that comes with the package, as a reader would save it.
"""

from pathlib import Path

from course_utils import pretrained

FOLDER = Path(__file__).parent / "labs" / "example"


def main() -> None:
    """Write the shipped network as Keras writes one."""
    FOLDER.mkdir(exist_ok=True)
    pretrained.digits().save(FOLDER / "digits.keras")


if __name__ == "__main__":
    main()
