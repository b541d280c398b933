# expects: on the fold the sum is 0
w = np.array([{{a}}, -({{c}})])
b = -{{rise}}
