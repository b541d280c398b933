# expects: does it end with `return`
def output_size(size, kernel, stride, pad):
    print((size + 2 * pad - kernel) // stride + 1)
