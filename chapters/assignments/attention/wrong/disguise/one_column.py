# expects: at least one is still what it was
def disguise(key):
    other = key.copy()
    other[:, 0] += 1
    return other
