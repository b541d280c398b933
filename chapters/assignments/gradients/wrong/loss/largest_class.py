# expects: the mean over four examples
def cross_entropy(proba, labels):
    return -np.mean(np.log(proba.max(axis=1)))
