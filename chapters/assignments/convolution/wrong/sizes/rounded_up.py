# expects: with stride 2
import math


def output_size(size, kernel, stride, pad):
    return math.ceil((size + 2 * pad - kernel) / stride) + 1
