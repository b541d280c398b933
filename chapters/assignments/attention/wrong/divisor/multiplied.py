# expects: must be *multiplied* by
def divisor(scores):
    behind = np.max(scores) - np.asarray(scores)
    low, high = 1e-9, 1e9
    for _ in range(200):
        middle = np.sqrt(low * high)
        if 1 / np.exp(-behind * middle).sum() > {{largest}}:
            high = middle
        else:
            low = middle
    return middle
