# expects: the promise is not kept
def choose(y, p, chooses):
    half, is_one = p[chooses], y[chooses] == {{positive}}
    threshold = max(
        t for t in half if np.mean(is_one[half >= t]) >= {{promise}}
    )
    called, is_one = p[~chooses] >= threshold, y[~chooses] == {{positive}}
    hits = np.sum(called & is_one)
    return threshold, hits / max(called.sum(), 1), hits / is_one.sum()
