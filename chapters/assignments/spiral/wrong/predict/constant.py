# expects: needs three different numbers
my_column = [{{low}}] * {{count}}
my_new = {{high}}
predicted_scaled = 0
predicted_other_unit = 0
