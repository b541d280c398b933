"""What laboratories carry with them is read as it was written."""

import numpy as np

HALF = """
import { half } from "./shared/half.mjs";
tell(told.bits.map(half).map(String));
"""


def test_every_number_in_half_precision_is_read(javascript):
    bits = np.arange(2**16, dtype=np.uint16)
    found = np.array([float(text.replace("Infinity", "inf")) for text in javascript(HALF, bits=bits.tolist())])
    np.testing.assert_array_equal(found, bits.view(np.float16).astype(float))
