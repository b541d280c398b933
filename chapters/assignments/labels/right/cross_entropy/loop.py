def cross_entropy(logits, y):
    kinds = len(logits[0])
    total = 0.0
    for row, label in zip(logits.tolist(), y):
        right = int(label if y.ndim == 1 else np.argmax(label))
        log_sum = np.logaddexp.reduce(row)
        for k, logit in enumerate(row):
            share = {{rest}} * (k == right) + {{smoothing}} / kinds
            total += share * (log_sum - logit)
    return total / len(logits)
