# expects: this is the error with ten bins
def calibration(proba, y):
    claimed, right = proba.max(axis=1), proba.argmax(axis=1) == y
    which = np.minimum((claimed * 10).astype(int), 9)
    gaps = [
        abs(np.sum(claimed[which == k]) - np.sum(right[which == k]))
        for k in range(10)
    ]
    return sum(gaps) / len(y), claimed.mean() - right.mean()
