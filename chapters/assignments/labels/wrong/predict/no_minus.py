# expects: a loss is *minus* that
my_parts, my_class = {{my_parts}}, 1
p = np.array(my_parts) / {{parts}}
predicted_loss = np.log(p[1])
predicted_binary = np.log(np.where(np.arange({{kinds}}) == 1, p, 1 - p)).mean()
