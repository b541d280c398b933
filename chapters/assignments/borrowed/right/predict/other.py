my_pixel = np.array([0, 255, 17])
my_units = {{few}}
colours = dict(zip(("red", "green", "blue"), my_pixel.tolist()))
predicted_pixel = np.array(
    [
        round((colours[colour] - mean) / {{divisor}}, 2)
        for colour, mean in zip({{order_list}}, {{means}})
    ]
)
first = np.zeros(({{channels}}, {{few}})).size + {{few}}
predicted_parameters = float(first + {{few}} * {{classes}} + {{classes}})
