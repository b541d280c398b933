# expects: needs six different numbers
my_kernel = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
predicted_flat = 9 * {{flat}}
predicted_patch = 36
