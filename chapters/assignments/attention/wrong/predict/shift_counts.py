# expects: a number that is added to all scores
my_odds, my_values = {{odds}}, {{my_values}}
odds, values = np.array(my_odds, float), np.array(my_values, float)
predicted_result = odds @ values / odds.sum()
predicted_raw = odds ** {{root}} @ values / np.sum(odds ** {{root}})
predicted_shifted = predicted_result + {{shift}}
