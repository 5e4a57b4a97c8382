// What the sentences of the specification are tried on, and how.

import { expect } from "vitest";
import type { Dataset } from "../../../engine/data/dataset";
import type { Module, Training } from "../../../engine/protocol/network";
import { type CheckEnvironment, runCheck } from "../../../engine/runtime/check";
import { Trainer } from "../../../engine/runtime/trainer";
import { type Analysis, analyze, type FileText } from "../../../extension/language/analyze";
import { datasetsOf, trainToEnd, withoutFiles } from "../../engine/runtime/support";
import { masha, mashaInputs } from "../../lecture";
import { exampleSources } from "../arbitraries";
import { buildable } from "../runnable";

export const nothing = { stale: false, summaryOf: () => undefined };

export const errorsOf = ({ diagnostics }: Pick<Analysis, "diagnostics">): string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

/** Without errors. */
export function moduleOf(text: string, readFile?: (path: string) => FileText): Module {
  const analysis = analyze(text, { describeData: () => undefined, ...(readFile ? { readFile } : {}) });
  expect(errorsOf(analysis)).toEqual([]);
  expect(buildable(analysis.module)).toEqual([]);
  return analysis.module;
}

/** The shape of each value of the first network. */
export function shapesOf(statements: string, head = "x: [4]"): Readonly<Record<string, readonly number[] | undefined>> {
  const [network] = moduleOf(`network Net(${head}) {\n${statements}\n}`).networks;
  return Object.fromEntries(network!.values.map(({ id, shape }) => [id, shape]));
}

/** Runs every check that is written; what does not hold is the answer. */
export async function failuresOf(text: string): Promise<string[]> {
  const datasets = await datasetsOf(text);
  const { file, module, diagnostics } = analyze(text, {
    describeData: ({ name }) => ({ kind: "ready", summary: datasets.get(name)!.summary }),
  });
  expect(errorsOf({ diagnostics })).toEqual([]);
  const written = file.declarations.filter((declaration) => declaration.kind === "check");
  expect(written.length).toBeGreaterThan(0);
  expect(module.checks.map(({ title }) => title)).toEqual(written.map(({ title }) => title.value));
  const environment: CheckEnvironment = {
    files: withoutFiles,
    now: () => 0,
    pause: () => Promise.resolve(),
    train: (training, look) => look(trained(training, datasets)),
  };
  const reports = await Promise.all(module.checks.map((check) => runCheck(check, environment)));
  return reports.flatMap(({ problem, expectations }, index) => {
    if (problem !== undefined) return [problem];
    const all = written[index]!.statements.filter(({ kind }) => kind === "expect");
    expect(expectations.length, "every expectation is checked").toBe(all.length);
    return expectations.filter(({ ok }) => !ok).map(({ text: expected, difference }) => `${expected}: ${difference}`);
  });
}

function trained(training: Training, datasets: ReadonlyMap<string, Dataset>): Trainer {
  const { validation, data } = training;
  const trainer = new Trainer({
    training,
    data: datasets.get(data.name)!,
    ...(validation.kind === "data" ? { validation: datasets.get(validation.data.name)! } : {}),
    now: () => 0,
  });
  trainToEnd(trainer);
  return trainer;
}

/** Expectations about a network with one scalar input that is 0. */
export const holds = (...expectations: readonly string[]): Promise<string[]> =>
  failuresOf(
    `network One(x) {\n  return x\n}\ncheck "c" on One(x: 0) {\n  expect ${expectations.join("\n  expect ")}\n}`,
  );

export const spiral = exampleSources[0]!;

export const mashaCheck = (statements: string, inputs = mashaInputs): Promise<string[]> =>
  failuresOf(`${masha}check "c" on Masha(${inputs}) {\n${statements}\n}`);
