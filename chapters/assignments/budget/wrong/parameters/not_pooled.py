# expects: before anything is flattened
def parameters(side, filters, head):
    total, channels = 0, {{channels}}
    for n in filters:
        total += ({{kernel}} ** 2 * channels + 1) * n + 4 * n
        channels = n
    read = channels * side**2 if head == "flatten" else channels
    return total + (read + 1) * {{classes}}
