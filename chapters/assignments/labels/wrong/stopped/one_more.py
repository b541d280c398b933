# expects: one epoch too many
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if {{better}}:
            best = epoch
        elif epoch - best > {{patience}}:
            break
    return best + 1, epoch + 1
