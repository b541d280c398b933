# expects: it stays a mean of the values
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
predicted_result = odds @ values / odds.sum()
predicted_raw = {{root}} * predicted_result
predicted_shifted = predicted_result
