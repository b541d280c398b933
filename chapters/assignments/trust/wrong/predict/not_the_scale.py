# expects: is multiplied by the scale
my_weights = {{my_weights}}
w = np.array(my_weights)
scale = abs(w).max() / {{my_most}}
predicted_whole = [round(weight / scale) for weight in w]
predicted_back = predicted_whole[0] / {{my_most}}
