# expects: there is nothing to learn
my_start = {{lowest}}
my_rate = 0.05
predicted_step = {{lowest}}
predicted_limit = 1 / {{steepness}}
