# expects: are whole, not Booleans
def leaks(training, new):
    training = training.astype(int)

    def known(picture):
        both = picture, {{turn_one}}
        return any(
            np.any(np.abs(training - one).max(axis=(1, 2)) <= {{noise}})
            for one in both
        )

    return [bool(known(picture)) for picture in new]
