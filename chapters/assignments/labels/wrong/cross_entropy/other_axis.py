# expects: changes no probability
def cross_entropy(logits, y):
    n, kinds = logits.shape
    label = np.eye(kinds)[y] if y.ndim == 1 else y
    label = {{rest}} * label + {{smoothing}} / kinds
    shifted = logits - logits.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    return -np.sum(label * log_p) / n
