# expects: epochs are counted from 1
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if {{better}}:
            best = epoch
        elif epoch - best >= {{patience}}:
            break
    return best, epoch
