# expects: a number of units is whole
def widest(budget):
    square, line = {{hidden}} - 1, {{inputs}} + {{hidden}} + {{classes}}
    inside = line**2 - 4 * square * ({{classes}} - budget)
    return (-line + inside**0.5) / (2 * square)
