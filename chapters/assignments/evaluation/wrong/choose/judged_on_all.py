# expects: are those of all examples
def choose(y, p, chooses):
    ones = p[chooses & (y == {{positive}})]
    threshold = max(t for t in p[chooses] if np.mean(ones >= t) >= {{promise}})
    called, is_one = p >= threshold, y == {{positive}}
    hits = np.sum(called & is_one)
    return threshold, hits / called.sum(), hits / is_one.sum()
