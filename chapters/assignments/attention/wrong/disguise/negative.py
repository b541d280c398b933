# expects: what may be added to all scores
def disguise(key):
    return -key - 1
