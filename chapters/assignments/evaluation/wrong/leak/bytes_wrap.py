# expects: bytes wrap around below 0
def leaks(training, new):
    def known(picture):
        both = picture, {{turn_one}}
        return any(
            np.any((training - one).max(axis=(1, 2)) <= {{noise}})
            for one in both
        )

    return [n for n, picture in enumerate(new) if known(picture)]
