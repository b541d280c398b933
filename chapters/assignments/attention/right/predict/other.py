my_odds = np.arange(9, 9 - {{keys}}, -1, dtype="int8")
my_values = range({{high}}, {{high}} - {{keys}}, -1)
my_values = list(my_values)
total = sum(int(o) * v for o, v in zip(my_odds, my_values))
predicted_result = round(total / int(sum(my_odds)), 2)
raw = [int(o) ** {{root}} for o in my_odds]
total = sum(o * v for o, v in zip(raw, my_values))
predicted_raw = round(total / sum(raw), 2)
predicted_shifted = np.float32(predicted_result)
