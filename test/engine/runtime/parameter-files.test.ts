// Parameters that begin with NumPy's files, which test/fixtures/numpy.py wrote together with their numbers.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filesOf } from "../../../engine/data/files";
import { readDataset } from "../../../engine/data/readers";
import type { Network, Training } from "../../../engine/protocol/network";
import { runCheck } from "../../../engine/runtime/check";
import { ParameterFiles } from "../../../engine/runtime/parameter-files";
import { type TrainingEnvironment, TrainingRuns } from "../../../engine/runtime/training-runs";
import { freshWeights } from "../../../engine/runtime/weights";
import { analyze } from "../../../extension/language/analyze";
import { array, type Nested } from "../model/numeric";
import { checkOf, moduleOf, trainingOf, withoutTraining } from "./support";

const fixtures = fileURLToPath(new URL("../../fixtures/numpy/", import.meta.url));
const expected = JSON.parse(readFileSync(`${fixtures}expected.json`, "utf8")) as Readonly<Record<string, Nested>>;
const files = new ParameterFiles(filesOf, fixtures);

const netOf = (parameter: string): string => `network Net(x: [2]) {\n  ${parameter}\n  return x @ W\n}`;
const networkOf = async (parameter: string): Promise<Network> => (await moduleOf(netOf(parameter))).networks[0]!;
const weightsOf = async (parameter: string) => freshWeights(await files.read(await networkOf(parameter)), 1).get("W");

describe("a parameter that begins with a file", () => {
  test.each(["type-f8-little.npy", "type-f4-big.npy", "type-u1-little.npy"])("has the numbers of %s", async (name) =>
    expect(await weightsOf(`param W: [2, 3] = "${name}"`)).toEqual(array(expected[name]!)),
  );

  test("may be a constant", async () =>
    expect(await weightsOf('const W: [2] = "vector.npy"')).toEqual(array([1.5, 2.5])));

  test("of an imported file is read from that file's folder", async () => {
    const { module, diagnostics } = analyze('import "numpy/lib.nnet"\nnetwork N(x: [2]) { return x -> Scaled }', {
      describeData: () => undefined,
      readFile: () => ({ text: 'block Scaled(x) {\n  param W: [2] = "vector.npy"\n  return x * W\n}' }),
    });
    expect(diagnostics).toEqual([]);
    const above = new ParameterFiles(filesOf, join(fixtures, ".."));
    const weights = freshWeights(await above.read(module.networks[0]!), 1);
    expect([...weights.values()]).toEqual([array([1.5, 2.5])]);
  });

  test.each([
    ["missing.npy", "there is no file missing.npy"],
    ["columns-first.npy", "W is declared [2, 3], but the numbers in columns-first.npy are [2, 3, 4]"],
    ["text.npy", "text.npy holds text of the type <U2"],
    ["expected.json", "expected.json is not a NumPy file"],
  ])("is refused for %s", async (name, message) =>
    expect(files.read(await networkOf(`param W: [2, 3] = "${name}"`))).rejects.toThrow(message),
  );

  test("is refused for numbers that are none, saying which", async () => {
    const bytes = Uint8Array.from(readFileSync(`${fixtures}vector.npy`));
    new DataView(bytes.buffer).setFloat64(bytes.length - 8, Number.NaN, true);
    const broken = new ParameterFiles(
      () => ({ read: () => Promise.resolve(bytes), version: () => Promise.resolve(undefined) }),
      "",
    );
    await expect(broken.read(await networkOf('param W: [2] = "vector.npy"'))).rejects.toThrow(
      "vector.npy holds a number that is none: number 1 (from 0) is NaN",
    );
  });

  test("takes part in checks", async () => {
    const check = await checkOf(
      `${netOf('param W: [2] = "vector.npy"')}\ncheck "it" on Net(x: [2, 4]) { expect output == 13 }`.replace(
        "return x @ W",
        "output = x @ W\n  return output",
      ),
    );
    expect(await runCheck(check, { ...withoutTraining, files })).toMatchObject({ ok: true });
    const missing = await runCheck(check, withoutTraining);
    expect(missing).toMatchObject({ ok: false, problem: expect.stringContaining("there is no file vector.npy") });
  });

  test("is trained from there, and anew when the file has changed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nnet-parameter-"));
    copyFileSync(`${fixtures}vector.npy`, join(folder, "w.npy"));
    const training = await trainingOf(`${netOf('param W: [2] = "w.npy"')}
      data D = Table(inputs: [[1, 0], [0, 1]], targets: [0, 0])
      train Net on D { loss: HalfMSE optimizer: SGD(rate: 1) batch: 2 epochs: 1 }`);
    const data = await readDataset(training.data.source, filesOf(folder));
    const runs = new TrainingRuns();
    const environment: TrainingEnvironment = {
      now: () => 0,
      pause: () => Promise.resolve(),
      files: new ParameterFiles(filesOf, folder),
      data: () => Promise.resolve(data),
    };
    const run = (of: Training) => runs.use(of, environment, async (trainer) => trainer);
    const first = await run(training);
    // One step of W − 1 · (1/2) Σ x (xW − 0): each weight is halved.
    expect(first.weights.get("W")).toEqual(array([0.75, 1.25]));
    expect(await run(training)).toBe(first);
    rmSync(join(folder, "w.npy"));
    await expect(run(training)).rejects.toThrow("there is no file w.npy");
  });
});
