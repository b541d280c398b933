# expects: is not enough
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if {{no_delta}}:
            best = epoch
        elif epoch - best >= {{patience}}:
            break
    return best + 1, epoch + 1
