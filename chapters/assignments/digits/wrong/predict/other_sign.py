# expects: not the other way round
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = (p.mean() - {{value}}) / p.std()
predicted_factor = p.std() / {{slip}}
