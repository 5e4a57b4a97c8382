// Masks drawn by a machine are those drawn in float64, number by number.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Machine } from "../../../engine/compiler/machine";
import { plan } from "../../../engine/compiler/plan";
import { noRandomNumbers } from "../../../engine/model/evaluate";
import { Graph } from "../../../engine/model/graph";
import { dropoutMask } from "../../../engine/model/ops/random";
import { randomAt } from "../../../engine/model/random";
import { hasKernels } from "./machine-run";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("a mask is the same for every seed, stream, rate and size", () =>
  fc.assert(
    fc.property(
      word,
      word,
      fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }),
      fc.integer({ min: 1, max: 1000 }),
      (seed, stream, rate, size) => {
        expect(maskOf(seed, stream, rate, size)).toEqual(expectedMask(seed, stream, rate, size));
      },
    ),
  ));

test("the last bit of a random number decides", () =>
  fc.assert(
    fc.property(word, word, fc.nat(99), (seed, stream, index) => {
      const number = randomAt(seed, stream, index);
      expect(maskOf(seed, stream, number, 100)[index]).not.toBe(0);
      expect(maskOf(seed, stream, number + 2 ** -53, 100)[index]).toBe(0);
    }),
  ));

function maskOf(seed: number, stream: number, rate: number, size: number): Float32Array {
  const made = plan({
    wanted: [dropoutMask(new Graph().feed("x", [size]), { rate, stream })],
    feedAt: () => undefined,
  });
  expect(hasKernels(made)).toBe(true);
  const machine = new Machine();
  const program = machine.add(made);
  machine.setStepSeed(seed);
  machine.run(program, noRandomNumbers, 1);
  return machine.numbers(made.views[0]!, program).slice();
}

function expectedMask(seed: number, stream: number, rate: number, size: number): Float32Array {
  const y = { shape: [size], data: new Float64Array(size) };
  const context = { random: (stream: number, index: number) => randomAt(seed, stream, index) };
  dropoutMask.definition.forward(y, { x: y }, { rate, stream }, context);
  return Float32Array.from(y.data);
}
