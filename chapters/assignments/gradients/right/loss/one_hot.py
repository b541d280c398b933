def cross_entropy(proba, labels):
    one_hot = np.eye(proba.shape[1])[np.asarray(labels) - {{first}}]
    return float(-(one_hot * np.log(proba)).sum() / len(proba))
