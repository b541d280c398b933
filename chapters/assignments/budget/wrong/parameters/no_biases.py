# expects: every kernel and every unit has a bias
def parameters(side, filters, head):
    total, channels = 0, {{channels}}
    for n in filters:
        total += {{kernel}} ** 2 * channels * n + 4 * n
        channels, side = n, side // 2
    read = channels * side**2 if head == "flatten" else channels
    return total + read * {{classes}}
