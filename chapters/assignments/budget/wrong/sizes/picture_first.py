# expects: that of the picture is not among them
def sizes(side, layers):
    heights = [side]
    for kind, size in layers:
        if kind == "pool":
            side = side // size
        elif "{{padding}}" == "same":
            side = -(-side // {{stride}})
        else:
            side = (side - size) // {{stride}} + 1
        heights.append(side)
    return heights
