def widest(budget):
    # Parameters: (hidden - 1) n² + (inputs + hidden + classes) n + classes.
    square, line, rest = (
        {{hidden}} - 1,
        {{inputs}} + {{hidden}} + {{classes}},
        {{classes}} - budget,
    )
    root = (-line + np.sqrt(line**2 - 4 * square * rest)) / (2 * square)
    return max(0, int(np.floor(root + 1e-9)))
