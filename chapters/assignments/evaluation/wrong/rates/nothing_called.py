# expects: so the precision is to be 1
def precision_recall(y, p, threshold):
    called, is_one = p >= threshold, y == {{positive}}
    hits = np.sum(called & is_one)
    return hits / called.sum(), hits / is_one.sum()
