# expects: the first number is the accuracy
def precision_recall(y, p, threshold):
    called, is_one = p >= threshold, y == {{positive}}
    return np.mean(called == is_one), np.sum(called & is_one) / is_one.sum()
