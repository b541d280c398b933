# expects: heights are whole numbers
def sizes(side, layers):
    heights = []
    for kind, size in layers:
        if kind == "pool":
            side = side / size
        elif "{{padding}}" == "same":
            side = side / {{stride}}
        else:
            side = (side - size) / {{stride}} + 1
        heights.append(side)
    return heights
