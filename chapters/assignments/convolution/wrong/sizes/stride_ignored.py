# expects: with stride 2
def output_size(size, kernel, stride, pad):
    return size + 2 * pad - kernel + 1
