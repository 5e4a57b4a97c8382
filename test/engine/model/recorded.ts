// What test/fixtures/pytorch.py recorded, with its types.

import { readFileSync } from "node:fs";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { Nested } from "./numeric";

interface Recorded {
  layers: {
    readonly layer: string;
    readonly arguments: Arguments;
    readonly x: Nested;
    readonly weights: Readonly<Record<string, Nested>>;
    readonly y: Nested;
    readonly dy: Nested;
    /** Null for indices, which no gradient reaches. */
    readonly dx: Nested | null;
    readonly dWeights: Readonly<Record<string, Nested>>;
  };
  losses: {
    readonly loss: string;
    readonly arguments: Arguments;
    readonly reduction: "mean" | "sum";
    /** The activation in front of the loss, if it is part of the record. */
    readonly after: string | null;
    readonly x: Nested;
    readonly target: Nested;
    readonly value: number;
    readonly dx: Nested;
  };
  optimizers: {
    readonly optimizer: string;
    readonly arguments: Arguments;
    readonly start: readonly number[];
    /** One row per step. */
    readonly gradients: readonly (readonly number[])[];
    readonly weights: readonly (readonly number[])[];
  };
  schedules: {
    readonly schedule: string;
    readonly arguments: Arguments;
    readonly epochs: number;
    readonly stepsPerEpoch: number;
    /** Of every step, for an optimizer with the rate 1. */
    readonly rates: readonly number[];
  };
  "batch-norm": {
    readonly arguments: Arguments;
    /** Of plain gradient descent. */
    readonly rate: number;
    readonly steps: readonly {
      readonly x: Nested;
      readonly dy: Nested;
      readonly y: Nested;
      readonly dx: Nested;
      /** After the step. */
      readonly weights: Readonly<Record<string, Nested>>;
    }[];
    /** In eval mode, with what the steps came to. */
    readonly evaluated: { readonly x: Nested; readonly y: Nested };
  };
  clips: {
    readonly clip: string;
    readonly arguments: Arguments;
    /** One row per parameter. */
    readonly before: readonly (readonly number[])[];
    readonly after: readonly (readonly number[])[];
  };
}

export function recorded<Name extends keyof Recorded>(name: Name): readonly Recorded[Name][] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), "utf8")).cases;
}
