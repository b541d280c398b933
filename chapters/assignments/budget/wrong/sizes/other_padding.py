# expects: with the other padding
def sizes(side, layers):
    heights = []
    for kind, size in layers:
        if kind == "pool":
            side = side // size
        elif "{{padding}}" == "valid":
            side = -(-side // {{stride}})
        else:
            side = (side - size) // {{stride}} + 1
        heights.append(side)
    return heights
