def repaired(foreign):
    X = foreign
    X = {{unscaled}} + 0.5
    X = X.astype(int)
    X = {{unlaid}}
    ink = np.arange(256)
    if {{dark_ink}}:
        ink = ink[::-1]
    return np.stack([ink[digit][..., None] for digit in X]).astype(np.uint8)
