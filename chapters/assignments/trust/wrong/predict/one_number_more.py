# expects: one number is for 0
my_weights = {{my_weights}}
w = np.array(my_weights)
scale = abs(w).max() / {{my_most}}
scale = abs(w).max() / ({{my_most}} + 1)
predicted_whole = [round(weight / scale) for weight in w]
predicted_back = predicted_whole[0] * scale
