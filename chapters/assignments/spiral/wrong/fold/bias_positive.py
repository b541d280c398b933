# expects: where it is positive the unit is not flat
w = np.array([-{{rise}} / {{a}}, -{{rise}} / {{c}}])
b = {{rise}}
