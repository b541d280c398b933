# expects: these are the old keys in another order
def disguise(key):
    return np.roll(key, 1, axis=0)
