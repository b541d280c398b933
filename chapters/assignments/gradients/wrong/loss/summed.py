# expects: have a mean loss of log 2
def cross_entropy(proba, labels):
    return -np.sum(np.log(proba[np.arange(len(labels)), labels - {{first}}]))
