# expects: the picture is not among them
def follow(shape, layers):
    found = [(shape, 0)]
    for kind, size in layers:
        *places, read = shape
        count = 0
        if kind == "frame":
            shape = (*(n + 2 * size for n in places), read)
        elif kind == "pool":
            shape = (*(n // size for n in places), read)
        elif kind == "flatten":
            shape = (int(np.prod(shape)),)
        else:
            if kind == "conv":
                places = [n - {{kernel}} + 1 for n in places]
                read = {{kernel}} * {{kernel}} * read
            shape = (*places, size)
            count = {{count_code}}
        found.append((shape, count))
    return found
