# expects: if all other scores were the same
def divisor(scores):
    others = np.sort(scores)[:-1]
    lead = np.max(scores) - others.mean()
    return lead / np.log(len(others) * {{largest}} / (1 - {{largest}}))
