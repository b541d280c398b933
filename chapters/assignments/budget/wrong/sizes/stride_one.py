# expects: this is the size with stride 1
def sizes(side, layers):
    heights = []
    for kind, size in layers:
        if kind == "pool":
            side = side // size
        elif "{{padding}}" == "valid":
            side = side - size + 1
        heights.append(side)
    return heights
