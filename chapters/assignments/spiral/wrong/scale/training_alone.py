# expects: return two things
def scale(X, is_new):
    training = X[~is_new]
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    deviation = np.where(deviation == 0, {{spread}}, deviation)
    return (training - mean) / deviation * {{spread}} + {{centre}}
