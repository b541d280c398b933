def sizes(side, layers):
    heights = [side]
    for kind, size in layers:
        if kind == "pool":
            places = range(0, heights[-1] - size + 1, size)
        else:
            last = 1 if "{{padding}}" == "same" else size
            places = range(0, heights[-1] - last + 1, {{stride}})
        heights.append(len(places))
    return np.array(heights[1:])
