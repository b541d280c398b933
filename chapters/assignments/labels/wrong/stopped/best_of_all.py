# expects: nobody gets to see it
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if {{better}}:
            best = epoch
        elif epoch - best >= {{patience}}:
            break
    best = int({{best_of_all}}(curve))
    return best + 1, max(best, epoch) + 1
