# expects: is divided by its sum
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
predicted_result = odds @ values
predicted_raw = odds ** {{root}} @ values
predicted_shifted = predicted_result
