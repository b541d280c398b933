my_column = np.array(
    [{{low}}, {{low}} + 10] + [{{low}} + 20] * ({{count}} - 2), "int16"
)
my_new = float({{high}} + 1)
predicted_scaled = round((my_new - my_column.mean()) / my_column.std(), 2)
predicted_other_unit = np.float32(predicted_scaled)
