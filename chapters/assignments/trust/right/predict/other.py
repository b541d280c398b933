my_weights = np.resize([-0.2, 0.45, 0.98, -0.6, 0.04], {{weights}}).tolist()
steps = [weight * {{my_most}} / 0.98 for weight in my_weights]
predicted_whole = np.floor(np.array(steps) + 0.5)
predicted_back = round(float(predicted_whole[0]) * 0.98 / {{my_most}}, 3)
