# expects: these must not choose
def choose(y, p, chooses):
    ones = p[y == {{positive}}]
    threshold = max(t for t in p if np.mean(ones >= t) >= {{promise}})
    called, is_one = p[~chooses] >= threshold, y[~chooses] == {{positive}}
    hits = np.sum(called & is_one)
    return threshold, hits / called.sum(), hits / is_one.sum()
