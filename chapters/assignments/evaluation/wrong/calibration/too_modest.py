# expects: too sure is positive
def calibration(proba, y):
    claimed, right = proba.max(axis=1), proba.argmax(axis=1) == y
    which = np.minimum((claimed * {{bins}}).astype(int), {{bins}} - 1)
    gaps = [
        abs(np.sum(claimed[which == k]) - np.sum(right[which == k]))
        for k in range({{bins}})
    ]
    return sum(gaps) / len(y), right.mean() - claimed.mean()
