# expects: goes into the next
def sizes(side, layers):
    heights = []
    for kind, size in layers:
        if kind == "pool":
            heights.append(side // size)
        elif "{{padding}}" == "same":
            heights.append(-(-side // {{stride}}))
        else:
            heights.append((side - size) // {{stride}} + 1)
    return heights
