# expects: are no {{thing}}s
def precision_recall(y, p, threshold):
    called, is_one = p >= threshold, y == {{positive}}
    hits, false = np.sum(called & is_one), np.sum(called & (y == {{negative}}))
    precision = hits / (hits + false) if hits + false else 1.0
    return precision, hits / is_one.sum()
