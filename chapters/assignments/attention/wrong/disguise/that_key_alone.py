# expects: at least one is still what it was
def disguise(key):
    other = key.copy()
    other[{{which}}] = {{target}}
    return other
