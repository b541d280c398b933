# expects: to the base 2
my_parts, my_class = {{my_parts}}, 1
p = np.array(my_parts) / {{parts}}
predicted_loss = -np.log2(p[1])
predicted_binary = -np.log2(
    np.where(np.arange({{kinds}}) == 1, p, 1 - p)
).mean()
