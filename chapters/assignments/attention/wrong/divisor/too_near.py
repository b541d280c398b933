# expects: does the search reach far enough
def divisor(scores):
    behind = np.max(scores) - np.asarray(scores)
    low, high = 0.01, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        if 1 / np.exp(-behind / middle).sum() > {{largest}}:
            low = middle
        else:
            high = middle
    return middle
