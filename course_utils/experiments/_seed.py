"""Another seed for a whole chapter, told from outside: what ``course spread`` measures the tolerances by."""

import os

SEED_VARIABLE = "COURSE_SEED"
# Far enough apart that no seed of one run is one of another.
_APART = 1000


def shift() -> None:
    """Make ``keras.utils.set_random_seed`` of this process set others than it is told; which, the environment says."""
    import keras

    told, apart = keras.utils.set_random_seed, _APART * int(os.environ[SEED_VARIABLE])

    def shifted(seed: int) -> None:
        told(seed + apart)

    keras.utils.set_random_seed = shifted
