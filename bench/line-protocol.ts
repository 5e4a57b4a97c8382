// What the benchmark and the processes it measures say to each other: one JSON object a line, on standard input and
// output. The process first says that it is ready; then every request gets one answer. It ends when its input does.

import type { Run } from "./run";

export interface RunRequest {
  /** Seconds the timed part of the run should take. */
  readonly run: number;
}

export type Answer =
  /** Library and version, and what it does otherwise than the workload says. */
  | { readonly kind: "ready"; readonly version: string; readonly differences: readonly string[] }
  | ({ readonly kind: "run" } & Run)
  /** The library cannot do this workload, in its own words. */
  | { readonly kind: "cannot"; readonly reason: string };
