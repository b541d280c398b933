// Numbers in half precision, and others that an address holds.

/** The bytes that an address holds. */
export function bytes(address) {
  return Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0)).buffer;
}

/** Read numbers in half precision from an address that holds them. */
export function halves(address) {
  const view = new DataView(bytes(address));
  return Float32Array.from({ length: view.byteLength / 2 }, (_, i) => half(view.getUint16(2 * i, true)));
}

/** Read one such number: a sign, five bits of exponent, ten of fraction. */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}
