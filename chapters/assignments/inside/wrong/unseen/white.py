# expects: what does this kernel answer to
def unseen(kernel):
    return np.ones(({{side}}, {{side}}))
