// Runs a check: each of its expectations in order, on the inputs it gives or on what a training has come to.

import type { NdArray } from "../protocol/array";
import type { Check, Training, ValueId } from "../protocol/network";
import type { CheckReport, ExpectationReport } from "../protocol/snapshot";
import { reasonIncomplete } from "./complete";
import { judge } from "./expectations";
import { Experiment, reasonNotToRun } from "./experiment";
import { inSlices, type Pacing } from "./pacing";
import type { ParameterFiles } from "./parameter-files";
import { TrainedNetwork } from "./trained-network";
import type { Trainer } from "./trainer";

/** What a check needs from outside. */
export interface CheckEnvironment extends Pacing {
  readonly files: ParameterFiles;
  /**
   * Runs the training to its end; the trainer is open until the promise that `look` gives is settled. Throws why it could
   * not.
   */
  train<Result>(training: Training, look: (trainer: Trainer) => Promise<Result>): Promise<Result>;
}

/** Never throws: what goes wrong is the report's problem. */
export async function runCheck(check: Check, environment: CheckEnvironment): Promise<CheckReport> {
  const { title, network } = check;
  const failed = (problem: string): CheckReport => ({ title, ok: false, expectations: [], problem });
  const problem = reasonIncomplete(network) ?? (check.after ? undefined : reasonNotToRun(check));
  if (problem !== undefined) return failed(problem);
  try {
    const subject = check.after
      ? await trainedFor(check, check.after, environment)
      : new Experiment({ ...check, network: await environment.files.read(network) });
    const expectations = runStatements(check, subject);
    return { title, ok: expectations.every(({ ok }) => ok), expectations };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** What the statements of a check are about. */
export interface CheckSubject {
  /** The numbers of a formula of the check. */
  formula(id: ValueId): NdArray;
  /** One optimizer update. */
  step(): void;
}

function trainedFor(check: Check, after: Training, environment: CheckEnvironment): Promise<CheckSubject> {
  return environment.train(after, async (trainer) => {
    const subject = new TrainedNetwork(check, trainer);
    await inSlices(subject.prepare(), environment);
    return subject;
  });
}

function runStatements(check: Check, subject: CheckSubject): ExpectationReport[] {
  const reports: ExpectationReport[] = [];
  for (const statement of check.statements) {
    switch (statement.kind) {
      case "expect":
        reports.push(judge(check, statement, (id) => subject.formula(id)));
        break;
      case "step":
        subject.step();
        break;
      default:
        statement satisfies never;
    }
  }
  return reports;
}
