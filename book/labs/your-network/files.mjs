// What all readers of files have in common.

/** Something that is wrong with a file; the message says what, and what to do. */
export class FileError extends Error {}

export const LARGEST = 150e6; // bytes
