# expects: the fold runs through the origin
w = np.array([{{rise}} / {{a}}, {{rise}} / {{c}}])
b = 0
