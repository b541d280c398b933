# expects: the loss is one number
def cross_entropy(proba, labels):
    return -np.log(proba[np.arange(len(labels)), labels - {{first}}])
