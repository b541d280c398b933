# expects: leads to
my_start = {{lowest}} + 4.0
my_rate = 0.05
predicted_step = my_start - 2 * {{steepness}} * 4.0
predicted_limit = 1 / {{steepness}}
