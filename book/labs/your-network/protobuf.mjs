// Reads protobuf's wire format by a schema: for the number of each field that matters its name, its kind, and whether it
// comes several times. A kind is "int", "float", "double", "text", "bytes", or the schema of a message.

const [VARINT, EIGHT, LENGTH, FOUR] = [0, 1, 2, 5]; // how a field is written: as a number with an end, as so many bytes, or with its length
const WIRES = { int: VARINT, float: FOUR, double: EIGHT };
const THIRD = 2 ** 28;

/** Read a message: { name: value }, a list of what may come several times. Throws an Error that says in a few words what is wrong. */
export function message(bytes, schema) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), found = {};
  let at = 0;

  // Seven bits of each byte, in three parts: in one, a number below zero would lose its last digits.
  function varint() {
    const parts = [0, 0, 0];
    for (let i = 0; i < 10; i++) {
      if (at >= bytes.length) throw new Error("it is cut off");
      const byte = bytes[at++];
      parts[i >> 2] += (byte & 127) << (7 * (i & 3));
      if (byte < 128) return ((parts[2] & 128 ? parts[2] - 256 : parts[2]) * THIRD + parts[1]) * THIRD + parts[0];
    }
    throw new Error("a number in it has no end");
  }

  // Goes behind so many bytes; answers where they begin.
  function taken(n) {
    if (n < 0 || at + n > bytes.length) throw new Error("it is cut off");
    at += n;
    return at - n;
  }

  function piece() {
    const n = varint(), from = taken(n);
    return bytes.subarray(from, from + n);
  }

  const READ = { int: varint, float: () => view.getFloat32(taken(4), true), double: () => view.getFloat64(taken(8), true), bytes: piece, text: () => new TextDecoder().decode(piece()) };
  const SKIP = { [VARINT]: varint, [EIGHT]: () => taken(8), [LENGTH]: piece, [FOUR]: () => taken(4) };

  for (const [name, , several] of Object.values(schema)) if (several) found[name] = [];
  while (at < bytes.length) {
    const tag = varint(), wire = tag % 8, [name, kind, several] = schema[Math.floor(tag / 8)] ?? [];
    if (tag < 8 || !SKIP[wire]) throw new Error("it is written otherwise");
    if (!name) SKIP[wire]();
    else if (several && wire === LENGTH && kind in WIRES) {
      // Many numbers in one piece.
      const n = varint(), end = taken(n) + n;
      for (at = end - n; at < end;) found[name].push(READ[kind]());
      if (at !== end) throw new Error(`its ${name} are cut off`);
    } else {
      if (wire !== (WIRES[kind] ?? LENGTH)) throw new Error(`its ${name} is of another kind`);
      const value = READ[kind] ? READ[kind]() : message(piece(), kind);
      if (several) found[name].push(value);
      else found[name] = value;
    }
  }
  return found;
}
