// Reads a zip file, as far as Keras writes one, and notices when a byte of it has changed.
import { inflateSync } from "fflate";

const END = 0x06054b50, ENTRY = 0x02014b50, BEHIND_END = 22 + 65_535; // the end and the longest remark behind it
const STORED = 0, DEFLATED = 8;

/** Open a zip: its files' names, and `read(name)`. Throws an Error that says in a few words what is damaged. */
export function unzipped(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), entries = new Map();
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - BEHIND_END) && view.getUint32(end, true) !== END) end--;
  if (end < 0 || end < bytes.length - BEHIND_END) throw new Error("its end is missing");
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) throw new Error("its list of contents is damaged");
    const [name, extra, remark] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)), [sum, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    entries.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), { way: view.getUint16(at + 10, true), sum, packed, size, from: view.getUint32(at + 42, true) });
    at += 46 + name + extra + remark;
  }

  function read(name) {
    const { way, sum, packed, size, from } = entries.get(name);
    if (from + 30 > bytes.length) throw new Error(`${name} is cut off`);
    const start = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true), stored = bytes.subarray(start, start + packed);
    if (stored.length < packed) throw new Error(`${name} is cut off`);
    if (way !== STORED && way !== DEFLATED) throw new Error(`${name} is packed in a way that is not known here`);
    let content;
    try {
      content = way === STORED ? stored : inflateSync(stored, { out: new Uint8Array(size) });
    } catch {
      throw new Error(`${name} cannot be unpacked`);
    }
    if (content.length !== size || checksum(content) !== sum) throw new Error(`the checksum of ${name} is wrong`);
    return content;
  }

  return { names: [...entries.keys()], read };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The CRC-32 of some bytes. */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ TABLE[(sum ^ bytes[i]) & 255];
  return ~sum >>> 0;
}
