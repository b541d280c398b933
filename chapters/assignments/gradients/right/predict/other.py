my_start = {{lowest}} - 2
my_rate = 0.1
predicted_step = {{lowest}} - 2 + 0.1 * 2 * {{steepness}} * 2
predicted_limit = np.float32(1 / {{steepness}})
