// The pictures that a kernel looks at: those of the book, a file of the reader's, or the camera's.
import stored from "book:pictures";
import { greyOf, opened, small } from "../shared/grey.mjs";

const LONGEST = 360; // pixels of the longer side of a reader's picture

/** The book's pictures: { label, code, limit } by name, and how to read one. */
export const PICTURES = stored;

/** Read a picture of the book: { width, height, X, limit }, where white is `limit`. */
export async function ofBook(name) {
  const { image, values, width, limit = 1 } = stored[name];
  if (values) return { width, height: values.length / width, X: Float64Array.from(values), limit };
  const picture = Object.assign(new Image(), { src: image });
  await picture.decode();
  return lit(greyOf(picture, picture.naturalWidth, picture.naturalHeight));
}

/** Read a reader's file. Throws an Error with a sentence if it is no picture. */
export async function ofFile(file) {
  const bitmap = await opened(file);
  return lit(small(bitmap, bitmap.width, bitmap.height, LONGEST));
}

/** Read what the camera shows now. */
export const ofVideo = (video) => lit(small(video, video.videoWidth, video.videoHeight, LONGEST));

// From 0 to 1, as in the chapter.
const lit = (image) => ({ ...image, X: image.X.map((grey) => grey / 255), limit: 1 });
