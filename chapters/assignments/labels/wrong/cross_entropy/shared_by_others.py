# expects: the right one among them
def cross_entropy(logits, y):
    n, kinds = logits.shape
    label = np.eye(kinds)[y] if y.ndim == 1 else y
    label = np.where(label, {{rest}}, {{smoothing}} / (kinds - 1))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(label * log_p) / n
