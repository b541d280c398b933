# expects: must be one of the probabilities
def choose(y, p, chooses):
    called, is_one = p[~chooses] >= 0.5, y[~chooses] == {{positive}}
    hits = np.sum(called & is_one)
    return 0.5, hits / called.sum(), hits / is_one.sum()
