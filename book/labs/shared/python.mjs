// Reads the small part of Python in which layers are written: calls with literals as arguments.
// What is no literal (an initializer, a name) is kept as its text: { text }.

class Reader {
  constructor(source) {
    this.source = source;
    this.at = 0;
  }

  skip() {
    const space = /(?:\s|#[^\n]*|\\\n)*/y;
    space.lastIndex = this.at;
    this.at += space.exec(this.source)[0].length;
  }

  take(pattern) {
    this.skip();
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.source);
    if (found) this.at = sticky.lastIndex;
    return found?.[0];
  }

  // Sums and products, for "1 / 255" and "3 * 64".
  value() {
    const begin = (this.skip(), this.at);
    let value = this.factor(), sign;
    while ((sign = this.take(/\*\*|\/\/|[-+*/](?!=)/))) {
      const other = this.factor();
      const known = typeof value === "number" && typeof other === "number";
      const results = { "+": value + other, "-": value - other, "*": value * other, "/": value / other, "//": Math.floor(value / other), "**": value ** other };
      value = known ? results[sign] : { text: this.source.slice(begin, this.at).trim() };
    }
    return value;
  }

  factor() {
    if (this.take(/-(?=[\d.(])/)) {
      const value = this.factor();
      return typeof value === "number" ? -value : { text: `-${value.text}` };
    }
    const number = this.take(/\d[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?|\.\d+/);
    if (number) return Number(number.replaceAll("_", ""));
    const string = this.take(/"[^"\n]*"|'[^'\n]*'/);
    if (string) return string.slice(1, -1);
    if (this.take(/[([]/)) {
      const values = [];
      let comma = false;
      while (!this.take(/[)\]]/)) {
        values.push(this.value());
        comma = !!this.take(/,/) || comma;
        if (this.at >= this.source.length) throw new Error("a bracket is not closed");
      }
      return values.length === 1 && !comma ? values[0] : values;
    }
    const begin = (this.skip(), this.at);
    const name = this.take(/[A-Za-z_][\w.]*/);
    if (!name) throw new Error(`“${this.source.slice(this.at, this.at + 12).trim() || "the end"}” is not expected here`);
    if (name in CONSTANTS) return CONSTANTS[name];
    while (this.take(/[([]/)) this.close();
    return { text: this.source.slice(begin, this.at).trim() };
  }

  // Go behind the bracket that is open.
  close() {
    for (let open = 1; open; this.at++) {
      if (this.at >= this.source.length) throw new Error("a bracket is not closed");
      if ("([{".includes(this.source[this.at])) open++;
      if (")]}".includes(this.source[this.at])) open--;
    }
  }
}

const CONSTANTS = { True: true, False: false, None: null };

/** Read the arguments behind an open bracket: { positional, named, end }, where `end` is the place behind the closing one. */
export function argumentsAt(source, at) {
  const reader = new Reader(source), positional = [], named = {};
  reader.at = at;
  while (!reader.take(/\)/)) {
    if (reader.at >= source.length) throw new Error("a bracket is not closed");
    const name = reader.take(/[A-Za-z_]\w*(?=\s*=[^=])/);
    if (name) reader.take(/=/);
    const value = reader.value();
    if (name) named[name] = value;
    else positional.push(value);
    if (!reader.take(/,/) && (reader.skip(), reader.at < source.length) && source[reader.at] !== ")")
      throw new Error(`a comma is missing before “${source.slice(reader.at, reader.at + 12).trim()}”`);
  }
  return { positional, named, end: reader.at };
}

/** Write a value as Python does. */
export function literal(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `(${value.map(literal).join(", ")}${value.length === 1 ? "," : ""})`;
  if (typeof value === "object") return value.text;
  return typeof value === "string" ? `"${value}"` : String(value);
}
