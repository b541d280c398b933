# expects: one weight for each of the two inputs
w = np.array([-{{rise}}, {{rise}} / {{a}}, {{rise}} / {{c}}])
b = -{{rise}}
