# expects: for w2 a small step says
def backward(x, w1, w2, target):
    hidden = max(0.0, w1 * x)
    error = 2 * {{factor}} * (w2 * hidden - target)
    on = float(w1 * x > 0)
    return error * w2 * on * x, error * x
