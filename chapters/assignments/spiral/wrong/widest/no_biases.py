# expects: every unit has a bias
def widest(budget):
    width = 0

    def weights(n):
        return {{inputs}} * n + ({{hidden}} - 1) * n * n + n * {{classes}}

    while weights(width + 1) <= budget:
        width += 1
    return width
