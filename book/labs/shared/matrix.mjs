// Products of matrices, on typed arrays.
const TOGETHER = 4; // columns whose sums are formed at once

/** The transpose of a matrix, which has so many rows and columns. */
export function turned(W, rows, columns) {
  return W.map((_, i) => W[(i % rows) * columns + Math.floor(i / rows)]);
}

/** The columns of a matrix in groups, so that those of a group lie side by side; the last group is filled up with zeros. */
export function packed(W, rows, columns) {
  const found = new Float32Array(Math.ceil(columns / TOGETHER) * rows * TOGETHER);
  for (let j = 0; j < columns; j++)
    for (let i = 0; i < rows; i++) found[(Math.floor(j / TOGETHER) * rows + i) * TOGETHER + (j % TOGETHER)] = W[i * columns + j];
  return found;
}

/**
 * Add the product of n rows with a packed matrix to Y, from `at` on. Two rows and four columns are done at once: numbers that
 * have been read are used several times, which is three times as fast as one after another.
 */
export function multiply(A, n, size, W, columns, Y, at) {
  for (let j = 0; j < columns; j += TOGETHER) {
    const wide = Math.min(TOGETHER, columns - j);
    for (let i = 0; i < n; i += 2) {
      const first = i * size, second = i + 1 < n ? first + size : first;
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let s = 0, w = j * size; s < size; s++, w += TOGETHER) {
        const a = A[first + s], b = A[second + s], w0 = W[w], w1 = W[w + 1], w2 = W[w + 2], w3 = W[w + 3];
        a0 += a * w0; a1 += a * w1; a2 += a * w2; a3 += a * w3;
        b0 += b * w0; b1 += b * w1; b2 += b * w2; b3 += b * w3;
      }
      add(Y, at + i * columns + j, wide, a0, a1, a2, a3);
      if (i + 1 < n) add(Y, at + (i + 1) * columns + j, wide, b0, b1, b2, b3);
    }
  }
}

function add(Y, at, wide, s0, s1, s2, s3) {
  Y[at] += s0;
  if (wide > 1) Y[at + 1] += s1;
  if (wide > 2) Y[at + 2] += s2;
  if (wide > 3) Y[at + 3] += s3;
}
