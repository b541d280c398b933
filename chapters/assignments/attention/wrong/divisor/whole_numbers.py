# expects: a divisor need not be a whole number
def divisor(scores):
    behind = np.max(scores) - np.asarray(scores)
    by = 1.0
    while 1 / np.exp(-behind / by).sum() > {{largest}} and by < 9999:
        by += 1
    return by
