# expects: an empty bin is no error
def calibration(proba, y):
    claimed, right = proba.max(axis=1), proba.argmax(axis=1) == y
    which = np.minimum((claimed * {{bins}}).astype(int), {{bins}} - 1)
    error = 0
    for k in range({{bins}}):
        here = which == k
        gap = abs(np.mean(claimed[here]) - np.mean(right[here]))
        error += gap * np.mean(here)
    return error, claimed.mean() - right.mean()
