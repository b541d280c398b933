# expects: fits into 5 pixels at 3 places
def output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // stride
