# expects: the standard deviation is its root
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = ({{value}} - p.mean()) / p.var()
predicted_factor = p.std() / {{slip}}
