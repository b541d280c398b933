# expects: every pixel counts, not their mean
def leaks(training, new):
    training = training.astype(int)

    def known(picture):
        both = picture, {{turn_one}}
        return any(
            np.any(np.abs(training - one).mean(axis=(1, 2)) <= {{noise}})
            for one in both
        )

    return [n for n, picture in enumerate(new) if known(picture)]
