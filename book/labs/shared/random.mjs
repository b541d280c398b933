// NumPy's random numbers: `random(seed)` draws what `numpy.random.default_rng(seed)` draws, so that a laboratory shows the
// points of its chapter. PCG64 (M. O'Neill, HMC-CS-2014-0905) seeded by SeedSequence; normals by the ziggurat of
// J. A. Doornik (2005), with 256 layers, as NumPy has it.
const BITS_64 = (1n << 64n) - 1n, BITS_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const TAIL = 3.6541528853610087963519472518; // where the lowest layer ends
const AREA = 0.004928673233974658; // of each layer
const FRACTION = 2 ** 52;

// The seed, spread over 256 bits as NumPy's SeedSequence does it.
function spread(seed) {
  let constant = 0x43b0d7e5;
  const hashed = (value) => {
    value = (value ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e8875) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (x, y) => {
    const both = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (both ^ (both >>> 16)) >>> 0;
  };
  const pool = [seed >>> 0, 0, 0, 0].map(hashed);
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  constant = 0x8b51f9dd;
  const words = Array.from({ length: 8 }, (_, i) => {
    let value = (pool[i % 4] ^ constant) >>> 0;
    constant = Math.imul(constant, 0x58f38ded) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
  return [0, 2, 4, 6].map((i) => BigInt(words[i]) | (BigInt(words[i + 1]) << 32n));
}

let layers = null;
function ziggurat() {
  if (layers) return layers;
  const density = (x) => Math.exp(-0.5 * x * x);
  const [accepted, width, height] = [new Float64Array(256), new Float64Array(256), new Float64Array(256)];
  let edge = TAIL, above = TAIL;
  const lowest = AREA / density(TAIL);
  accepted[0] = Math.floor((TAIL / lowest) * FRACTION);
  [width[0], width[255]] = [lowest / FRACTION, TAIL / FRACTION];
  [height[0], height[255]] = [1, density(TAIL)];
  for (let i = 254; i > 0; i--) {
    edge = Math.sqrt(-2 * Math.log(AREA / above + density(above)));
    accepted[i + 1] = Math.floor((edge / above) * FRACTION);
    above = edge;
    [height[i], width[i]] = [density(edge), edge / FRACTION];
  }
  return (layers = { accepted, width, height });
}

/** Seed a generator with a whole number from 0 to 2³² − 1. */
export function random(seed) {
  const [high, low, incrementHigh, incrementLow] = spread(seed);
  const increment = ((((incrementHigh << 64n) | incrementLow) << 1n) | 1n) & BITS_128;
  let state = 0n;
  const step = () => { state = (state * MULTIPLIER + increment) & BITS_128; };
  step();
  state = (state + ((high << 64n) | low)) & BITS_128;
  step();

  const bits = () => {
    step();
    const folded = (state >> 64n) ^ (state & BITS_64), turn = state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & BITS_64;
  };
  const uniform = () => Number(bits() >> 11n) / 2 ** 53;

  function normal() {
    const { accepted, width, height } = ziggurat();
    for (;;) {
      const drawn = bits();
      const layer = Number(drawn & 0xffn), sign = (drawn >> 8n) & 1n;
      const distance = Number((drawn >> 9n) & 0xfffffffffffffn);
      const x = sign ? -distance * width[layer] : distance * width[layer];
      if (distance < accepted[layer]) return x;
      if (layer === 0) {
        for (;;) {
          const beyond = -Math.log1p(-uniform()) / TAIL, test = -Math.log1p(-uniform());
          if (2 * test > beyond * beyond) return (drawn >> 17n) & 1n ? -(TAIL + beyond) : TAIL + beyond;
        }
      }
      if ((height[layer - 1] - height[layer]) * uniform() + height[layer] < Math.exp(-0.5 * x * x)) return x;
    }
  }

  return {
    /** One number from 0 to 1, without 1: `rng.random()`. */
    uniform,
    /** One normal number: `rng.standard_normal()`. */
    normal,
    /** The order in which n uniform numbers increase: `rng.random(n).argsort()`. */
    order(n) {
      const keys = Float64Array.from({ length: n }, uniform);
      return Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => keys[a] - keys[b]);
    },
  };
}
