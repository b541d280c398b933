# expects: this is the plain mean
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
predicted_result = values.mean()
predicted_raw = predicted_shifted = predicted_result
