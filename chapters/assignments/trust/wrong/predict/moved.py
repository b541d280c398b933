# expects: nothing is moved
my_weights = {{my_weights}}
w = np.array(my_weights)
scale = abs(w).max() / {{my_most}}
between = (w - w.min()) / np.ptp(w)
predicted_whole = np.round(between * {{my_most}})
predicted_back = predicted_whole[0] * scale
