# expects: not with the one before
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if epoch and {{before}}:
            best = epoch
        elif epoch - best >= {{patience}}:
            break
    return best + 1, epoch + 1
