# expects: none of the copies was found
def leaks(training, new):
    training = training.astype(int)
    both = np.concatenate([training, np.flip(training, 0)])
    return [
        n
        for n, picture in enumerate(new)
        if np.any(np.abs(both - picture).max(axis=(1, 2)) <= {{noise}})
    ]
