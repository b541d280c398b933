# expects: the logarithms are the *scores*
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
logs = np.log(odds)
predicted_result = logs @ values / logs.sum()
predicted_raw = predicted_shifted = predicted_result
