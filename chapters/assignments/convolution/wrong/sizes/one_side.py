# expects: zeros stand on both sides
def output_size(size, kernel, stride, pad):
    return (size + pad - kernel) // stride + 1
