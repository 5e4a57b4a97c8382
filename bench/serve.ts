// The measured side of the line protocol, for libraries in JavaScript and for nnet itself.

import { createInterface } from "node:readline";
import type { Answer, RunRequest } from "./line-protocol";
import { type Stepper, timedRun } from "./run";

export interface Served {
  readonly version: string;
  /** What it does otherwise than the workload says. */
  readonly differences: readonly string[];
  /** Fresh weights, a fresh optimizer. */
  create(): Stepper | Promise<Stepper>;
}

/** Answers requests until standard input ends. What `create` and steps throw is what the library cannot do. */
export async function serve({ version, differences, create }: Served): Promise<void> {
  answer({ kind: "ready", version, differences });
  for await (const line of createInterface({ input: process.stdin })) {
    const { run: seconds } = JSON.parse(line) as RunRequest;
    try {
      const stepper = await create();
      answer({ kind: "run", ...timedRun(stepper, seconds) });
      stepper.close();
    } catch (error) {
      answer({ kind: "cannot", reason: error instanceof Error ? error.message : String(error) });
    }
  }
  process.exit(0); // Threads of a library would keep the process alive.
}

function answer(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
