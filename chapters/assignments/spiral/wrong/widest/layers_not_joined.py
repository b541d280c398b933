# expects: every unit is joined with every unit
def widest(budget):
    width = 0

    def parameters(n):
        return ({{inputs}} + {{hidden}}) * n + (n + 1) * {{classes}}

    while parameters(width + 1) <= budget:
        width += 1
    return width
