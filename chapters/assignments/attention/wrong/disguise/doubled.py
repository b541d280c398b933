# expects: a sharper or softer look
def disguise(key):
    return 2 * key + 1
