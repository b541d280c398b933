# expects: here both {{thing}}s are found
def precision_recall(y, p, threshold):
    called, is_one = p >= threshold, y == 1
    hits = np.sum(called & is_one)
    precision = hits / called.sum() if called.any() else 1.0
    return precision, hits / max(is_one.sum(), 1)
