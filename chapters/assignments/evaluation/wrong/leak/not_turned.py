# expects: none of the copies was found
def leaks(training, new):
    training = training.astype(int)
    return [
        n
        for n, picture in enumerate(new)
        if np.any(np.abs(training - picture).max(axis=(1, 2)) <= {{noise}})
    ]
