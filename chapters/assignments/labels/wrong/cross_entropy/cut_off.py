# expects: must not be cut off
def cross_entropy(logits, y):
    n, kinds = logits.shape
    label = np.eye(kinds)[y] if y.ndim == 1 else y
    label = {{rest}} * label + {{smoothing}} / kinds
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = np.log(
        (np.exp(shifted) / np.exp(shifted).sum(1)[:, None]).clip(1e-7)
    )
    return -np.sum(label * log_p) / n
