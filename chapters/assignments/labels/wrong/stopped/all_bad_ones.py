# expects: a better epoch begins a new count
def stopped(curve):
    best = bad = 0
    for epoch, value in enumerate(curve):
        if {{better}}:
            best = epoch
        elif epoch:
            bad += 1
        if bad >= {{patience}}:
            break
    return best + 1, epoch + 1
