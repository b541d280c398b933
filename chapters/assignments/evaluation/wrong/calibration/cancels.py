# expects: must not cancel out
def calibration(proba, y):
    too_sure = proba.max(axis=1).mean() - np.mean(proba.argmax(axis=1) == y)
    return abs(too_sure), too_sure
