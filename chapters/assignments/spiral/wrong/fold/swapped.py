# expects: the other way round
w = np.array([{{rise}} / {{c}}, {{rise}} / {{a}}])
b = -{{rise}}
