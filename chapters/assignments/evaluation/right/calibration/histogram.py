def calibration(proba, y):
    claimed = np.max(proba, axis=1)
    too_sure = claimed - (np.argmax(proba, axis=1) == y)
    edges = np.linspace(0, 1, {{bins}} + 1)
    sums = np.histogram(claimed, edges, weights=too_sure)[0]
    return np.abs(sums).sum() / len(claimed), too_sure.mean()
