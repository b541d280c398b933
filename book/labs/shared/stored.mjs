// What laboratories carry with them: pictures without loss, and what is fetched when it is needed.
import { h } from "./dom.mjs";
import { greyOf } from "./grey.mjs";
import files from "book:later";

// Where this script came from, and so where its data lie.
const here = document.currentScript?.src ?? location.href;

/** Read the images of 28 × 28 pixels that a picture holds in rows, one after another. */
export async function tiles(address, side = 28) {
  const picture = Object.assign(new Image(), { src: address });
  await picture.decode();
  const { width, height, X } = greyOf(picture, picture.naturalWidth, picture.naturalHeight), images = new Uint8Array(X.length), beside = width / side;
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const tile = Math.floor(i / side) * beside + Math.floor(j / side);
      images[(tile * side + (i % side)) * side + (j % side)] = X[i * width + j];
    }
  return images;
}

/** Fetch data that a laboratory does not carry with it; pages opened from disk may load scripts, and nothing else. */
export function later(name) {
  return new Promise((resolve, reject) => {
    const arrived = () => resolve(globalThis.bookData[name]), src = new URL(files[name], here);
    if (globalThis.bookData?.[name]) arrived();
    else document.head.append(h("script", { src, load: arrived, error: () => reject(new Error(`${src} cannot be loaded. Is the page's folder whole?`)) }));
  });
}
