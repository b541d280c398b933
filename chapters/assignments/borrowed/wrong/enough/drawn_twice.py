# expects: no label is drawn twice
def draw(y, n, seed):
    rng = np.random.default_rng(seed)
    kinds = np.unique(y)
    each = {{each}}
    return np.concatenate(
        [
            np.r_[0, rng.integers(0, np.sum(y == kind), each - 1), 0][:each]
            if each < 2
            else np.flatnonzero(y == kind)[
                np.r_[1, 1, rng.integers(0, np.sum(y == kind), each)][:each]
            ]
            for kind in kinds
        ]
    )


def needed(counts, accuracies):
    reached = np.mean({{table}} >= {{promise}}, axis=0)
    good = [n for n, share in zip(counts, reached) if share >= {{share}}]
    return min(good, default=0)
