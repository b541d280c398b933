# expects: the score of your image is 0
def unseen(kernel):
    return np.zeros(({{side}}, {{side}}))
