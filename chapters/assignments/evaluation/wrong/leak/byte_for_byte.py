# expects: equal byte for byte is too much
def leaks(training, new):
    known = {picture.tobytes() for picture in training}
    known |= {({{turn_one}}).tobytes() for picture in training}
    return [n for n, one in enumerate(new) if one.tobytes() in known]
