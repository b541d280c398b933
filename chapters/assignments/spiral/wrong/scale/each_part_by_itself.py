# expects: scaled by their own mean
def scale(X, is_new):
    def scaled(part):
        deviation = part.std(axis=0)
        deviation[deviation == 0] = {{spread}}
        return (part - part.mean(axis=0)) / deviation * {{spread}} + {{centre}}

    return scaled(X[~is_new]), scaled(X[is_new])
