# expects: belongs to the last bin
def calibration(proba, y):
    claimed, right = proba.max(axis=1), proba.argmax(axis=1) == y
    error = 0
    for k in range({{bins}}):
        here = (claimed >= k / {{bins}}) & (claimed < (k + 1) / {{bins}})
        error += abs(np.sum(claimed[here]) - np.sum(right[here]))
    return error / len(y), claimed.mean() - right.mean()
