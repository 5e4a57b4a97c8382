// Seeded random numbers, the same on every machine. Counter-based: a number depends on seed, stream and index only,
// so nothing has to be stored to repeat or resume a run.

/** Uniform in [0, 1), with 53 random bits. `seed`, `stream` and `index` are integers. */
export function randomAt(seed: number, stream: number, index: number): number {
  const key1 = firstKey(seed, stream);
  return drawn(key1, secondKey(key1, stream), index);
}

/** A generator that counts its own index: `randomAt` for 0, 1, 2, … */
export function randomStream(seed: number, stream: number): () => number {
  const key1 = firstKey(seed, stream);
  const key2 = secondKey(key1, stream);
  let index = 0;
  return () => drawn(key1, key2, index++);
}

/** A stream number for a name, so that adding a layer leaves the others' numbers as they were. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits.
  for (let position = 0; position < name.length; position++) {
    hash = Math.imul(hash ^ name.charCodeAt(position), 0x01000193);
  }
  return mix(hash) >>> 0;
}

/**
 * Standard normal, from two uniform numbers.
 *
 * `Math.log` and `Math.cos` may differ between JavaScript engines in the last bit, and so may this.
 * Source: Box & Muller 1958.
 */
export function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random())); // 1 − u is never 0.
  return radius * Math.cos(2 * Math.PI * random());
}

/** The numbers 0 … length − 1 in random order. Source: Fisher & Yates, as in Knuth, TAOCP 2, 3.4.2, algorithm P. */
export function permutation(length: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, position) => position);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const held = order[last]!;
    order[last] = order[other]!;
    order[other] = held;
  }
  return order;
}

// Two keys, each a hash of seed and stream: with one alone, two streams would be shifted copies of each other.
const firstKey = (seed: number, stream: number): number =>
  mix(mix(low(seed)) + high(seed) + Math.imul(stream, 0x9e3779b9)); // 2³² / golden ratio
// The constant is any that tells the second key from the first.
const secondKey = (key1: number, stream: number): number => mix(key1 ^ stream ^ 0x85ebca6b);

function drawn(key1: number, key2: number, index: number): number {
  const counter = mix((low(index) + key1) | 0) + high(index);
  const first = mix(counter ^ key2);
  const second = mix(first + key1 + 0x6a09e667); // Fractional part of √2: tells the second word from the first.
  return ((first >>> 5) * 2 ** 26 + (second >>> 6)) * 2 ** -53;
}

/** A permutation of the 32-bit integers without visible pattern. Source: Wellons 2018, "triple32", bias 0.020888. */
function mix(word: number): number {
  let x = word | 0;
  x ^= x >>> 17;
  x = Math.imul(x, 0xed5ad4bb);
  x ^= x >>> 11;
  x = Math.imul(x, 0xac4c1b51);
  x ^= x >>> 15;
  x = Math.imul(x, 0x31848bab);
  return x ^ (x >>> 14);
}

/** The lower and upper 32 bits of an integer of up to 53. */
const low = (integer: number): number => integer | 0;
const high = (integer: number): number => Math.floor(integer / 2 ** 32) | 0;
