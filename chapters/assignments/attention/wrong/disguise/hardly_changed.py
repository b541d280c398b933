# expects: at least one is still what it was
def disguise(key):
    return key + 1e-12
