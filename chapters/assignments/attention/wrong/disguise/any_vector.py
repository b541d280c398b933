# expects: must consist of {{target}} alone
def disguise(key):
    return key + 1
