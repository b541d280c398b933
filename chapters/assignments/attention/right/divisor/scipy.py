def divisor(scores):
    from scipy.optimize import brentq
    from scipy.special import softmax

    def too_much(logarithm):
        return softmax(scores / np.exp(logarithm)).max() - {{largest}}

    return np.exp(brentq(too_much, -25, 25))
