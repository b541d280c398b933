// Convolution and pooling of one channel, number for number as course_utils.convolution computes them.
import { outputSize } from "../shared/sizes.mjs";

/** How many pixels "same" adds before the first one of an axis. */
export function before(n, k, stride, padding) {
  if (padding === "valid") return 0;
  return Math.max((outputSize(n, k, stride, "same") - 1) * stride + k - n, 0) >> 1;
}

/** Convolve an image { width, height, X } with a kernel of k × k weights, row by row; zeros lie beyond the border. */
export function conv2d({ width, height, X }, kernel, { stride = 1, padding = "valid", bias = 0 } = {}) {
  const k = Math.sqrt(kernel.length), rows = outputSize(height, k, stride, padding), columns = outputSize(width, k, stride, padding);
  const Y = new Float64Array(rows * columns).fill(bias);
  const top = before(height, k, stride, padding), left = before(width, k, stride, padding);
  kernel.forEach((weight, at) => {
    if (!weight) return;
    const down = Math.floor(at / k) - top, right = (at % k) - left;
    for (let i = 0; i < rows; i++) {
      const row = i * stride + down;
      if (row < 0 || row >= height) continue;
      for (let j = 0; j < columns; j++) {
        const column = j * stride + right;
        if (column >= 0 && column < width) Y[i * columns + j] += weight * X[row * width + column];
      }
    }
  });
  return { width: columns, height: rows, X: Y };
}

/** The window that an output reads: the place and value of each pixel, null beyond the border. */
export function windowOf({ width, height, X }, k, stride, padding, row, column) {
  const top = row * stride - before(height, k, stride, padding), left = column * stride - before(width, k, stride, padding);
  const pixels = Array.from({ length: k * k }, (_, at) => {
    const i = top + Math.floor(at / k), j = left + (at % k);
    return i < 0 || j < 0 || i >= height || j >= width ? null : X[i * width + j];
  });
  return { top, left, pixels };
}

/** Replace negative numbers by zero. */
export const relu = (image) => ({ ...image, X: image.X.map((x) => Math.max(x, 0)) });

/** Keep the largest number of each window of 2 × 2, or the mean: `how` is "max" or "average". */
export function pool2d({ width, height, X }, how) {
  const [rows, columns] = [height >> 1, width >> 1], Y = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const at = 2 * i * width + 2 * j, four = [X[at], X[at + 1], X[at + width], X[at + width + 1]];
      Y[i * columns + j] = how === "max" ? Math.max(...four) : four.reduce((a, b) => a + b) / 4;
    }
  return { width: columns, height: rows, X: Y };
}
