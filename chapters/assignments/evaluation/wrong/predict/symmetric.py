# expects: nine different numbers are wanted
my_matrix = [[{{low}} + 9, {{low}}, {{low}}]] * 3
predicted_recall = 0.5
predicted_precision = 0.5
