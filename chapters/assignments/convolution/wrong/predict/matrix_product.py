# expects: multiply place by place
my_kernel = [[1, 2, 3], [4, 5, 6], [7, 8, -9]]
predicted_flat = {{flat}} * 27
predicted_patch = int((np.array(my_kernel) @ np.array({{patch}})).sum())
