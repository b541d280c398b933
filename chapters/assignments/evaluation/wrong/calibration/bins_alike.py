# expects: the mean is over the examples
def calibration(proba, y):
    claimed, right = proba.max(axis=1), proba.argmax(axis=1) == y
    which = np.minimum((claimed * {{bins}}).astype(int), {{bins}} - 1)
    gaps = [
        abs(np.mean(claimed[which == k]) - np.mean(right[which == k]))
        for k in np.unique(which)
    ]
    return np.mean(gaps), claimed.mean() - right.mean()
