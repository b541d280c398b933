# The sum is 0 at both ends of the fold and as high as asked at the third point.
points = [[{{a}}, 0, 1], [0, {{c}}, 1], [{{far_a}}, {{far_c}}, 1]]
*w, b = np.linalg.solve(np.array(points, float), [0, 0, {{height}}])
