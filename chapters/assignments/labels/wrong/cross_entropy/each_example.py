# expects: one number for all examples
def cross_entropy(logits, y):
    n, kinds = logits.shape
    label = np.eye(kinds)[y] if y.ndim == 1 else y
    label = {{rest}} * label + {{smoothing}} / kinds
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(label * log_p, axis=1)
