# expects: each unit has a bias, too
my_pixel, my_units = (200, 30, 90), {{my_units}}
wanted = np.array(my_pixel)[:: {{step}}]
means = np.array({{means}})
predicted_pixel = ((wanted - means) / {{divisor}}).tolist()
predicted_parameters = {{channels}} * my_units + my_units * {{classes}}
