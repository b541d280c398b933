# expects: the image must have {{side}} × {{side}} pixels
def unseen(kernel):
    return (kernel > 0).astype(float)
