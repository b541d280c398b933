# expects: is called a {{thing}}, too
def precision_recall(y, p, threshold):
    called, is_one = p > threshold, y == {{positive}}
    hits = np.sum(called & is_one)
    return hits / called.sum() if called.any() else 1.0, hits / is_one.sum()
