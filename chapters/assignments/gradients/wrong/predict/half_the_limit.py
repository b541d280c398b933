# expects: each step multiplies the distance
my_start = {{lowest}} + 4.0
my_rate = 0.05
predicted_step = my_start - my_rate * 2 * {{steepness}} * 4.0
predicted_limit = 1 / (2 * {{steepness}})
