// Numbers the host gives a program anew before each run. Instructions read them from memory, so programs stay as they are.

import { registersAt } from "./layout";

/** Bytes. */
export const registers = {
  /** Seed of this step's random numbers, an integer below 2³². */
  stepSeed: registersAt,
  /** float32. */
  learningRate: registersAt + 4,
  /** float32: 1 − β₁ᵗ of Adam. */
  correction1: registersAt + 8,
  /** float32: √(1 − β₂ᵗ) of Adam. */
  correction2: registersAt + 12,
} as const;
