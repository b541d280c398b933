# expects: the place of the fold is not all
w = np.array([1 / {{a}}, 1 / {{c}}]) / 7
b = -1 / 7
