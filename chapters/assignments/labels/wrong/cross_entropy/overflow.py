# expects: more than a computer can hold
def cross_entropy(logits, y):
    n, kinds = logits.shape
    label = np.eye(kinds)[y] if y.ndim == 1 else y
    label = {{rest}} * label + {{smoothing}} / kinds
    shifted = np.exp(logits)
    log_p = np.log(shifted / shifted.sum(axis=1, keepdims=True))
    return -np.sum(label * log_p) / n
