# expects: one less than their number
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = ({{value}} - p.mean()) / p.std(ddof=1)
predicted_factor = p.std(ddof=1) / {{slip}}
