my_units = [99, 5]
predicted_parameters = np.int64(
    ({{side}} ** 2 + 1) * 99 + 100 * 5 + 6 * {{classes}}
)
predicted_shape = [10, {{classes}}]
