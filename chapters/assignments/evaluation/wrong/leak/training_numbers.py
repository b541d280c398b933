# expects: [1, 3], not [0, 2]
def leaks(training, new):
    new = new.astype(int)

    def copied(picture):
        both = picture, {{turn_one}}
        return any(
            np.any(np.abs(new - one).max(axis=(1, 2)) <= {{noise}})
            for one in both
        )

    return [n for n, picture in enumerate(training) if copied(picture)]
