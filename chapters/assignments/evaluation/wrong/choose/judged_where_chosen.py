# expects: there the promise is kept by choice
def choose(y, p, chooses):
    p, y = p[chooses], y[chooses]
    ones = p[y == {{positive}}]
    threshold = max(t for t in p if np.mean(ones >= t) >= {{promise}})
    called, is_one = p >= threshold, y == {{positive}}
    hits = np.sum(called & is_one)
    return threshold, hits / called.sum(), hits / is_one.sum()
