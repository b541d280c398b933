# expects: gives its sum times the pixel
my_kernel = [[1, 2, 3], [4, 5, 6], [7, 8, -9]]
predicted_flat = 27
predicted_patch = int(np.sum(np.array(my_kernel) * np.array({{patch}})))
