# expects: does not come back as it was
my_weights = {{my_weights}}
w = np.array(my_weights)
scale = abs(w).max() / {{my_most}}
predicted_whole = [round(weight / scale) for weight in w]
predicted_back = w[0]
