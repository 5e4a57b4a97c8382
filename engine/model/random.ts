// Seeded random numbers, the same on every machine. Counter-based: a number depends on seed, stream and index only,
// so nothing has to be stored to repeat or resume a run.

/** Uniform in [0, 1). */
export function randomAt(_seed: number, _stream: number, _index: number): number {
  throw new Error("engine/model is being written");
}

/** A generator that counts its own index. */
export function randomStream(seed: number, stream: number): () => number {
  let index = 0;
  return () => randomAt(seed, stream, index++);
}

/** A stream number for a name, so that adding a layer leaves the others' numbers as they were. */
export function streamOf(_name: string): number {
  throw new Error("engine/model is being written");
}
