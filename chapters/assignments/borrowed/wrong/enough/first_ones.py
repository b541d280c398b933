# expects: every seed gives the same labels
def draw(y, n, seed):
    rng = np.random.default_rng(seed)
    kinds = np.unique(y)
    each = {{each}}
    return np.concatenate([np.flatnonzero(y == kind)[:each] for kind in kinds])


def needed(counts, accuracies):
    reached = np.mean({{table}} >= {{promise}}, axis=0)
    good = [n for n, share in zip(counts, reached) if share >= {{share}}]
    return min(good, default=0)
