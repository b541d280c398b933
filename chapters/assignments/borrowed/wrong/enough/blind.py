# expects: the same number of each kind is asked for
def draw(y, n, seed):
    kinds = np.unique(y)
    n = {{each}} * len(kinds)
    return np.random.default_rng(seed).permutation(len(y))[:n]


def needed(counts, accuracies):
    reached = np.mean({{table}} >= {{promise}}, axis=0)
    good = [n for n, share in zip(counts, reached) if share >= {{share}}]
    return min(good, default=0)
