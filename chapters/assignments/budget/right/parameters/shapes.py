def parameters(side, filters, head):
    shapes = []
    before = {{channels}}
    for n in filters:
        shapes += [({{kernel}}, {{kernel}}, before, n), (n,), (4, n)]
        before = n
    if head == "flatten":
        for _ in filters:
            side = int(side / 2)
        before *= side * side
    shapes += [(before, {{classes}}), ({{classes}},)]
    return sum(np.prod(shape, dtype=int) for shape in shapes)
