# expects: what may be added to all scores
def disguise(key):
    return key + np.arange(1, len(key) + 1)[:, np.newaxis]
