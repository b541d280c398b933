# expects: a *smaller* divisor
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
predicted_value = ({{value}} - p.mean()) / p.std()
predicted_factor = {{slip}} / p.std()
