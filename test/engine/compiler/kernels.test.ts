// Every op on a machine gives the numbers of its float64 forward, whatever kernel it has or lacks.

import { describe, expect, test } from "vitest";
import type { AnyOp, Attributes } from "../../../engine/model/op";
import { ops } from "../../../engine/model/ops";
import { randomStream, streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { difference, runOp } from "./machine-run";

// A few float32 roundings (6e-8 each) over sums of at most 24 terms.
const tolerance = 1e-6;

describe("on a machine", () => {
  for (const op of Object.values(ops) as unknown as ExampleOp[]) {
    const { name, inputs, example } = op.definition;
    test(`${name} gives the numbers of its forward`, () => {
      const { machine, oracle } = runOp(
        op,
        inputs.map((input) => numbers(name + input, example.shapes[input]!, example.range ?? [-2, 2])),
        example.attributes,
      );
      expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(tolerance);
    });
  }
});

type ExampleOp = AnyOp & {
  readonly definition: {
    readonly example: {
      readonly shapes: Readonly<Record<string, Shape>>;
      readonly attributes?: Attributes;
      readonly range?: readonly [number, number];
    };
  };
};

function numbers(name: string, shape: Shape, [low, high]: readonly [number, number]): NdArray {
  const random = randomStream(1, streamOf(name));
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random()) };
}
