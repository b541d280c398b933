# expects: the lowest probability calls everything
def choose(y, p, chooses):
    ones = p[chooses & (y == {{positive}})]
    threshold = min(t for t in p[chooses] if np.mean(ones >= t) >= {{promise}})
    called, is_one = p[~chooses] >= threshold, y[~chooses] == {{positive}}
    hits = np.sum(called & is_one)
    return threshold, hits / called.sum(), hits / is_one.sum()
