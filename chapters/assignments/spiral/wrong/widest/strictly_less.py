# expects: a budget that is just used up is kept
def widest(budget):
    def parameters(n):
        sizes = [{{inputs}}] + {{hidden}} * [n] + [{{classes}}]
        return sum((m + 1) * k for m, k in zip(sizes, sizes[1:]))

    width = 0
    while parameters(width + 1) < budget:
        width += 1
    return width
