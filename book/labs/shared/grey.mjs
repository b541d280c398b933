// Pictures as numbers: those of the book, and the reader's own.

/** Open a reader's file. Throws an Error with a sentence if it is no picture. */
export async function opened(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name} cannot be read as a picture: take a PNG, JPEG or WebP file, or make a screenshot of it.`);
  }
}

/** Make the longer side of a picture at most so many pixels, and read it as `greyOf` does. */
export function small(source, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return greyOf(source, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
}

/** Read a picture as grey values from 0 to 255: { width, height, X }; grey is the mean of the three colours. */
export function greyOf(source, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, X: Float64Array.from({ length: width * height }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3) };
}
