// The pictures that a kernel looks at: those of the book, a file of the reader's, or the camera's.
import stored from "book:pictures";

const LONGEST = 360; // pixels of the longer side of a reader's picture

/** The book's pictures: { label, code, limit } by name, and how to read one. */
export const PICTURES = stored;

/** Read a picture of the book: { width, height, X, limit }, where white is `limit`. */
export async function ofBook(name) {
  const { image, values, width, limit = 1 } = stored[name];
  if (values) return { width, height: values.length / width, X: Float64Array.from(values), limit };
  const picture = Object.assign(new Image(), { src: image });
  await picture.decode();
  return grey(picture, picture.naturalWidth, picture.naturalHeight);
}

/** Read a reader's file. Throws an Error with a sentence if it is no picture. */
export async function ofFile(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name} cannot be read as a picture: take a PNG, JPEG or WebP file, or make a screenshot of it.`);
  }
  return small(bitmap, bitmap.width, bitmap.height);
}

/** Read what the camera shows now. */
export const ofVideo = (video) => small(video, video.videoWidth, video.videoHeight);

function small(source, width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return grey(source, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
}

// Grey is the mean of the three colours, from 0 to 1, as in the chapter.
function grey(source, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, limit: 1, X: Float64Array.from({ length: width * height }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 765) };
}
