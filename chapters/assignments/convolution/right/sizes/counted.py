def output_size(size, kernel, stride, pad):
    return len(range(-pad, size + pad - kernel + 1, stride))
