# expects: is asked for
def divisor(scores):
    return np.sqrt(len(scores))
