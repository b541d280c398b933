# expects: are another softmax
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
predicted_result = odds @ values / odds.sum()
predicted_raw = predicted_shifted = predicted_result
