// A check as what stands between its optimizer updates: its expectations, judged, and which quantities each speaks of.

import type { Check, CheckStatement, Quantity, ValueId } from "../../protocol/network";
import type { ExpectationReport } from "../../protocol/snapshot";
import { judge } from "../expectations";
import { Experiment } from "../experiment";

/** What stands between two optimizer updates: the expectations, and whether there is an update after them. */
export interface Phase {
  readonly expectations: readonly Expectation[];
  readonly isUpdated: boolean;
}

export interface Expectation {
  readonly report: ExpectationReport;
  /** Keys of the steps whose quantities it speaks of. */
  readonly about: ReadonlySet<string>;
}

/** Runs the check's statements and sorts them by the updates between them. */
export function phasesOf(check: Check): readonly Phase[] {
  const experiment = new Experiment(check);
  const phases: { expectations: Expectation[]; isUpdated: boolean }[] = [{ expectations: [], isUpdated: false }];
  for (const statement of check.statements) {
    if (statement.kind === "step") {
      experiment.step();
      phases.at(-1)!.isUpdated = true;
      phases.push({ expectations: [], isUpdated: false });
    } else {
      const report = judge(check, statement, (id) => experiment.formula(id));
      phases.at(-1)!.expectations.push({ report, about: new Set(subjectsOf(check, statement)) });
    }
  }
  return phases;
}

/** Keys of the quantities both sides of an expectation are made of. */
function subjectsOf(
  { formulas }: Check,
  { left, right }: CheckStatement & { readonly kind: "expect" },
): readonly string[] {
  const byId = new Map(formulas.map((value) => [value.id, value]));
  const keys = (id: ValueId): readonly string[] => {
    const source = byId.get(id)?.source;
    if (source?.kind === "observed") return [keyOf(source.quantity)];
    return source?.kind === "operation" || source?.kind === "layer" ? source.inputs.flatMap(keys) : [];
  };
  return [...keys(left), ...keys(right)];
}

function keyOf(observed: Quantity): string {
  switch (observed.kind) {
    case "value":
    case "gradient":
      return `${observed.kind} ${observed.id}`;
    case "jacobian":
      return `jacobian ${observed.of} ${observed.by}`;
    case "loss":
    case "target":
    case "metric":
      return observed.kind;
    default:
      return observed satisfies never;
  }
}

/** All that it observes. */
export function observedIn({ formulas }: Check): readonly Quantity[] {
  return formulas.flatMap(({ source }) => (source.kind === "observed" ? [source.quantity] : []));
}
