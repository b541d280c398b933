# expects: each prediction is one number
my_kernel = [[1, 2, 3], [4, 5, 6], [7, 8, -9]]
predicted_flat = np.array(my_kernel) * {{flat}}
predicted_patch = np.array(my_kernel) * np.array({{patch}})
