# expects: the mean is subtracted first
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = {{value}} / p.std()
predicted_factor = p.std() / {{slip}}
