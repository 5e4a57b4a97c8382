// What one core can do with 128-bit vectors at most, measured: the limit of every kernel in WebAssembly.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { bestDecile } from "./statistics";

export interface Peak {
  /** Floating-point operations per second, 10⁹ of them. */
  measure(seconds: number): number;
}

/** Compiles the loop and warms it up. Throws with the compiler's words. */
export async function preparePeak(): Promise<Peak> {
  const { instance } = await WebAssembly.instantiate(await compile("peak.ts"));
  const multiplyAdd = instance.exports.multiplyAdd as (iterations: number) => number;
  const measure = (seconds: number): number => {
    const times: number[] = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      const start = performance.now();
      multiplyAdd(iterations);
      times.push(performance.now() - start);
    }
    return (iterations * operationsPerIteration) / bestDecile(times) / 1e6;
  };
  measure(0.2); // V8 begins with simpler code.
  return { measure };
}

const iterations = 100_000; // About a millisecond.
const operationsPerIteration = 48 * 4 * 2;

const kernels = path.join(path.dirname(fileURLToPath(import.meta.url)), "kernels");
const flags = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--outFile", "peak.wasm"];

async function compile(source: string): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([source, ...flags], {
    readFile: (name) => readFile(path.join(kernels, name), "utf8").catch(() => null),
    writeFile: (_, contents) => {
      if (typeof contents !== "string") binary = Uint8Array.from(contents);
    },
    listFiles: () => null,
  });
  if (error || !binary) throw new Error(`${source} does not compile: ${error?.message}\n${stderr.toString()}`);
  return binary;
}
