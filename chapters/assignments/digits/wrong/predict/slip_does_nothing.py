# expects: all by the same factor
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = ({{value}} - p.mean()) / p.std()
predicted_factor = 1
