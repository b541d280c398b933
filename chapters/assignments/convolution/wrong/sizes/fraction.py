# expects: a number of places is whole
def output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) / stride + 1
