def prepare(labels):
    place = {label: n for n, label in enumerate(range({{first}}, {{last}} + 1))}
    return [place[int(label)] for label in labels]
