def precision_recall(y, p, threshold):
    found = wrong = missed = 0
    for right, probability in zip(y, p):
        if right == {{positive}}:
            found += probability >= threshold
            missed += probability < threshold
        else:
            wrong += probability >= threshold
    precision = found / (found + wrong) if found + wrong else 1
    return [precision, found / (found + missed)]
