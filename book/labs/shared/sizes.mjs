// The size of a map, as course_utils.convolution.output_size and Keras count it.

/** How many places a kernel of k pixels visits along an axis of n; 0 if it does not fit. */
export function outputSize(n, k, stride = 1, padding = "valid") {
  if (padding === "same") return Math.ceil(n / stride);
  return k > n ? 0 : Math.floor((n - k) / stride) + 1;
}
