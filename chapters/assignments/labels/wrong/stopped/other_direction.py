# expects: {{better_words}} is better
def stopped(curve):
    best = 0
    for epoch, value in enumerate(curve):
        if {{worse}}:
            best = epoch
        elif epoch - best >= {{patience}}:
            break
    return best + 1, epoch + 1
