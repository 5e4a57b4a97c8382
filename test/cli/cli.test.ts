// The commands as a user types them, in this process: output, errors, exit codes.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, weightsIn as trainedWeights } from "../../engine/runtime/checkpoint";
import type { Terminal } from "../../extension/cli/terminal";
import { breaking } from "../breaking";
import { noisy, xor } from "../engine/runtime/support";
import { runCli } from "./run-cli";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nnet-cli-"));

const two = `${xor.replace("epochs: 200", "epochs: 2").replace("on Truth", "on Truth as Short")}
  train Xor on Truth as Long { loss: BinaryCrossEntropy optimizer: SGD(rate: 0.5) batch: 4 epochs: 100000000 }`;

writeFileSync(join(folder, "xor.nnet"), xor);
writeFileSync(join(folder, "two.nnet"), two);
writeFileSync(join(folder, "wrong.nnet"), "network Net(x: [2]) {\n  return x -> Dens(3)\n}\n");
writeFileSync(
  join(folder, "failing.nnet"),
  'network Double(x) { y = 2 * x  return y }\ncheck "twice" on Double(x: 3) { expect y == 6 }\ncheck "thrice" on Double(x: 3) { expect y == 9 }\n',
);

async function nnet(args: string[], terminal: Partial<Terminal> = {}) {
  const outcome = await runCli(args, { folder, ...terminal });
  const lines = args.includes("--json") ? outcome.out.split("\n").filter(Boolean) : [];
  return { ...outcome, json: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

describe("check", () => {
  test("says what a sound file holds", async () => {
    expect(await nnet(["check", "xor.nnet"])).toMatchObject({
      code: 0,
      out: "xor.nnet: no problems (1 network, 1 data set, 1 training, 0 checks)\n",
      error: "",
    });
  });

  test("prints problems to standard error, with line, column and caret", async () => {
    const { code, error, out } = await nnet(["check", "wrong.nnet"]);
    expect(code).toBe(1);
    expect(error).toContain("wrong.nnet:2:15: error: unknown layer Dens: did you mean Dense?");
    expect(error).toContain("    2 |   return x -> Dens(3)\n      |               ^^^^\n");
    expect(out).toContain("wrong.nnet: 1 error");
  });

  test("--json prints each diagnostic as an object", async () => {
    const { code, json } = await nnet(["check", "wrong.nnet", "--json"]);
    expect(code).toBe(1);
    expect(json[0]).toMatchObject({
      type: "diagnostic",
      file: "wrong.nnet",
      line: 2,
      column: 15,
      endLine: 2,
      endColumn: 19,
      severity: "error",
      code: "unknown-layer",
    });
  });

  test("data is read: what is wrong with it is a diagnostic at its argument", async () => {
    writeFileSync(join(folder, "ragged.csv"), "a,b,c\n1,2,0\n1,2\n");
    writeFileSync(join(folder, "ragged.nnet"), 'data Rows = Csv("ragged.csv")\n');
    const { code, error } = await nnet(["check", "ragged.nnet"]);
    expect(code).toBe(1);
    expect(error).toContain("ragged.nnet:1:17: error: ragged.csv: row 3 has 2 columns, the header has 3");
  });
});

describe("a parameter that begins with a file", () => {
  const trained = `data D = Table(inputs: [[1, 0], [0, 1]], targets: [0, 0])
    network Net(x: [2]) { param W: [2] = "w.npy"  y = x @ W  return y }
    train Net on D { loss: HalfMSE optimizer: SGD(rate: 1) batch: 2 epochs: 1 }
    check "it" on Net(x: [2, 4]) { expect y == 13 }
    check "half" after Net { expect W == [0.75, 1.25] }`;
  writeFileSync(join(folder, "file.nnet"), trained);
  writeFileSync(
    join(folder, "wide.nnet"),
    trained.replace("W: [2]", "W: [2, 3]").replace("x @ W", "sum(x @ W)").split("check")[0]!,
  );
  writeFileSync(join(folder, "w.npy"), readFileSync(new URL("../fixtures/numpy/vector.npy", import.meta.url)));

  test("has its numbers in test, train, run and derive", async () => {
    expect(await nnet(["test", "file.nnet"])).toMatchObject({ code: 0, error: "" });
    expect((await nnet(["train", "file.nnet", "--json"])).json.at(-1)).toMatchObject({ type: "done", step: 1 });
    const { json } = await nnet(["run", "file.nnet", "--untrained", "--input", "[2, 4]", "--json"]);
    expect(json[0]).toMatchObject({ values: { output: 13 } });
    expect((await nnet(["derive", "file.nnet"])).out).toContain("1.5");
  });

  test("that are of another shape, or not there, are errors before anything runs", async () => {
    for (const command of ["check", "train"]) {
      const { code, error } = await nnet([command, "wide.nnet"]);
      expect(code).toBe(1);
      expect(error).toContain("wide.nnet:2:45: error: W is declared [2, 3], but its numbers are [2] [parameter-shape]");
    }
    writeFileSync(join(folder, "lost.nnet"), trained.replace("w.npy", "v.npy"));
    const { code, error } = await nnet(["check", "lost.nnet"]);
    expect(code).toBe(1);
    expect(error).toMatch(/lost\.nnet:2:42: error: there is no file v\.npy: .*did you mean w\.npy\?/);
  });
});

describe("a training that is written down", () => {
  writeFileSync(join(folder, "long.nnet"), noisy.replace("epochs: 5", "epochs: 100"));
  writeFileSync(join(folder, "kept.nnet"), noisy.replace("epochs: 5", "epochs: 4 checkpoint: 2"));

  const weightsIn = (file: string) => [...trainedWeights(decodeCheckpoint(file, readFileSync(join(folder, file))))];

  /** Ctrl+C at the first look at the keyboard. */
  const interrupted = (): Partial<Terminal> => {
    let interrupt = () => {};
    return {
      onInterrupt: (callback) => {
        interrupt = callback;
        return () => {};
      },
      pause: async () => interrupt(),
    };
  };

  test("goes on after Ctrl+C to the numbers of one that was left alone", async () => {
    await nnet(["train", "long.nnet", "--checkpoint", "whole.safetensors"]);
    const first = await nnet(["train", "long.nnet", "--checkpoint", "part.safetensors"], interrupted());
    expect(first.code).toBe(130);
    expect(weightsIn("part.safetensors")).not.toEqual(weightsIn("whole.safetensors"));
    const rest = ["train", "long.nnet", "--checkpoint", "part.safetensors", "--resume"];
    expect(await nnet(rest, interrupted())).toMatchObject({ code: 130 });
    const { code, out } = await nnet(rest);
    expect(code).toBe(0);
    expect(out).toMatch(/^Small goes on in epoch \d+, after step \d+, from part\.safetensors\n/);
    expect(weightsIn("part.safetensors")).toEqual(weightsIn("whole.safetensors"));
    const again = await nnet(["train", "long.nnet", "--resume", "part.safetensors", "--json"]);
    expect(again.json.map(({ type }) => type)).toEqual(["resumed", "done"]);
    expect(again.json[0]!.message).toBe("Small is at its end in part.safetensors: give it more epochs to go on");
  });

  test("by its entry stands beside the file, and can be given more epochs", async () => {
    expect(await nnet(["train", "kept.nnet"])).toMatchObject({ code: 0 });
    const { json } = await nnet(["train", "kept.nnet", "--resume", "--epochs", "6", "--json"]);
    expect(json.map(({ type, epoch }) => epoch ?? type)).toEqual(["resumed", 5, 6, "done"]);
    expect(decodeCheckpoint("c", readFileSync(join(folder, "kept.Small.safetensors"))).state.epoch).toBe(6);
  });

  test("is not written when numbers cease to be finite, which is told with its place", async () => {
    writeFileSync(join(folder, "broken.nnet"), breaking);
    const { code, error } = await nnet(["train", "broken.nnet", "--checkpoint", "broken.safetensors"]);
    expect(code).toBe(1);
    expect(error).toContain("broken.nnet:5:3: Net: the loss is NaN at step 1 (epoch 1). It begins in l (");
    expect(error).toMatch(/ \[not-finite\]\n$/);
    expect(readdirSync(folder)).not.toContain("broken.safetensors");
    // What runs trains first.
    expect(await nnet(["run", "broken.nnet", "--sample", "0"])).toMatchObject({ code: 1, error });
  });

  test("tells the place of a value that only its attribute makes", async () => {
    // e⁵ is 148, and e¹⁴⁸ more than float32 can hold.
    const stacked = `data Line = Table(inputs: [[1], [5]], targets: [1, 3])
network Net(x: [1], powers: int = 1) {
  return x -> Exponential repeat powers -> Dense(1)
}
block Exponential(x) {
  return exp(x)
}
train Net(powers: 2) on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 5 }
`;
    writeFileSync(join(folder, "stacked.nnet"), stacked);
    const { code, error } = await nnet(["train", "stacked.nnet"]);
    expect(code).toBe(1);
    expect(error).toContain("stacked.nnet:6:10: Net: the loss is Infinity at step 1");
  });

  test("is refused when the network is another now", async () => {
    await nnet(["train", "long.nnet", "--epochs", "1", "--checkpoint", "small.safetensors"]);
    writeFileSync(join(folder, "wider.nnet"), noisy.replace("Dense(6)", "Dense(7)"));
    expect(await nnet(["train", "wider.nnet", "--resume", "small.safetensors"])).toMatchObject({
      code: 1,
      out: "",
      error: expect.stringContaining(
        "small.safetensors does not fit Small any more: h.W is [2, 7], and was [2, 6]; h.b is [7], and was [6]; z.W is [7, 2], and was [6, 2]",
      ),
    });
  });

  test("needs a file, of the right name, that is there", async () => {
    expect((await nnet(["train", "long.nnet", "--resume"])).error).toContain(
      "Small does not say where it is written down: name the file, --resume FILE, or add checkpoint: 1 to it",
    );
    expect((await nnet(["train", "long.nnet", "--checkpoint", "a.npz"])).error).toContain(
      "--checkpoint a.npz: its name must end in .safetensors",
    );
    expect((await nnet(["train", "long.nnet", "--resume", "none.safetensors"])).error).toContain(
      "there is no checkpoint none.safetensors: looked for",
    );
  });

  test("that cannot be written warns, and trains", async () => {
    const { code, json, error } = await nnet(["train", "xor.nnet", "--checkpoint", "no/a.safetensors", "--json"]);
    const message = "the checkpoint no/a.safetensors cannot be written: its folder does not exist";
    expect(code).toBe(0);
    expect(error).toBe(`warning: ${message}\n`);
    expect(json.filter(({ type }) => type === "warning")).toEqual([{ type: "warning", message }]);
  });
});

describe("train", () => {
  test("--json prints every epoch and how it ended", async () => {
    const { code, json } = await nnet(["train", "xor.nnet", "--json", "--epochs", "3"]);
    expect(code).toBe(0);
    expect(json.map(({ type }) => type)).toEqual(["epoch", "epoch", "epoch", "done"]);
    expect(json[0]).toMatchObject({
      epoch: 1,
      epochs: 3,
      loss: expect.any(Number),
      metrics: { accuracy: expect.any(Number) },
    });
    expect(json[3]).toMatchObject({
      train: "Xor",
      metrics: { accuracy: expect.any(Number) },
      seconds: expect.any(Number),
      samplesPerSecond: expect.any(Number),
    });
  });

  test("the same seed prints the same numbers, another seed others", async () => {
    const losses = async (seed: string) => {
      const { json } = await nnet(["train", "xor.nnet", "--json", "--epochs", "5", "--seed", seed]);
      return json.map(({ loss }) => loss);
    };
    expect(await losses("1")).toEqual(await losses("1"));
    expect(await losses("1")).not.toEqual(await losses("2"));
  });

  test("a log has a line for some epochs and a summary", async () => {
    const { out } = await nnet(["train", "xor.nnet"]);
    const lines = out.trim().split("\n");
    expect(lines.length).toBeLessThan(30);
    expect(lines[0]).toMatch(/^epoch {3}1\/200 · loss 0\.\d+ · accuracy \d+(\.\d)?%$/);
    expect(lines.at(-2)).toMatch(/^Xor: 200 epochs in .* s, .* samples\/s$/);
    expect(lines.at(-1)).toMatch(/accuracy 100%$/);
  });

  test("several trainings: --train chooses, without it they are listed", async () => {
    expect((await nnet(["train", "two.nnet"])).error).toContain(
      "two.nnet has 2 trainings: choose one with --train Short | --train Long",
    );
    expect((await nnet(["train", "two.nnet", "--train", "Shrt"])).error).toContain("did you mean Short?");
    expect((await nnet(["train", "two.nnet", "--train", "Short", "--json"])).json.at(-1)).toMatchObject({
      train: "Short",
    });
  });

  test("Ctrl+C stops it with exit code 130", async () => {
    let interrupt = () => {};
    const pressed = {
      onInterrupt: (callback: () => void) => {
        interrupt = callback;
        return () => {};
      },
      pause: async () => interrupt(),
    };
    const { code, out } = await nnet(["train", "two.nnet", "--train", "Long"], pressed);
    expect(code).toBe(130);
    expect(out).toMatch(/Long stopped in epoch \d+, after [\d,]+ steps/);
    expect((await nnet(["train", "two.nnet", "--train", "Long", "--json"], pressed)).json.at(-1)).toMatchObject({
      type: "stopped",
      train: "Long",
    });
  });

  test("a file with errors, or nothing to train, trains nothing", async () => {
    expect(await nnet(["train", "wrong.nnet"])).toMatchObject({
      code: 1,
      error: expect.stringContaining("wrong.nnet has 1 error: nothing was trained"),
    });
    expect(await nnet(["train", "failing.nnet"])).toMatchObject({
      code: 1,
      error: "error: failing.nnet has no train declaration\n",
    });
  });

  test("a loss that explodes is an error with its reason", async () => {
    writeFileSync(
      join(folder, "explode.nnet"),
      `data Line = Table(inputs: [[1], [2]], targets: [1, 3])
       network Net(x: [1]) { return x -> Dense(1) as y }
       train Net on Line { loss: MSE optimizer: SGD(rate: 100) batch: 2 epochs: 500 }`,
    );
    const { code, error } = await nnet(["train", "explode.nnet"]);
    expect(code).toBe(1);
    expect(error).toMatch(
      /^error: explode.nnet:2:54: Net: the .* at step \d+ \(epoch \d+\)\..*Try a learning rate below 100, say 10\. \[not-finite\]\n$/s,
    );
  });
});

describe("run", () => {
  test("trains first, then shows a sample with its prediction", async () => {
    const { code, out } = await nnet(["run", "xor.nnet", "--sample", "2"]);
    expect(code).toBe(0);
    expect(out).toContain("sample 2 of Truth");
    expect(out).toContain("trained for 200 epochs (200 steps) as Xor");
    expect(out).toContain("bits = [1, 0]");
    expect(out).toContain("prediction 1  ✓ as expected");
  });

  test("--untrained takes fresh weights and says so", async () => {
    const { out } = await nnet(["run", "xor.nnet", "--input", "[1, 0]", "--untrained"]);
    expect(out).toContain("fresh from seed 1, not trained");
  });

  test("--json prints the outputs by name", async () => {
    const { json } = await nnet(["run", "xor.nnet", "--input", '{"bits": [1, 1]}', "--json"]);
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({ type: "output", values: { output: [expect.any(Number)] }, prediction: "0" });
  });

  test("a file without a training runs its network", async () => {
    const { json } = await nnet(["run", "failing.nnet", "--input", "21", "--json"]);
    expect(json[0]).toMatchObject({ type: "output", values: { output: 42 } });
  });

  test.each([
    [["--sample", "4"], "there is no sample 4: the data set has samples 0 to 3"],
    [["--input", "[1]", "--untrained"], "Xor takes bits: [2], but got [1]"],
    [["--input", "[1, [2]]"], "bits holds [2], not a number"],
    [["--input", "[[1, 2], [3]]"], "the rows of bits differ in length"],
    [["--input", "[1, 2"], "--input takes JSON"],
    [["--input", '{"x": [1, 2]}', "--untrained"], "Xor has no input x; its inputs are bits"],
    [[], "say what goes in: --sample N"],
    [["--sample", "1", "--input", "[1]"], "say what goes in: --sample N"],
  ])("%j is refused in words", async (args, message) => {
    const { code, error } = await nnet(["run", "xor.nnet", ...args]);
    expect(code).toBe(1);
    expect(error).toContain(message);
  });
});

describe("test", () => {
  test("the lectures' numbers hold", async () => {
    const { code, out, error } = await nnet([
      "test",
      join(examples, "lectures/masha.nnet"),
      join(examples, "lectures/circuit.nnet"),
    ]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/\n\d+ passed, 0 failed\n$/);
  });

  test("a failing check says what was expected, what came, where they differ", async () => {
    const { code, out } = await nnet(["test", "failing.nnet"]);
    expect(code).toBe(1);
    expect(out).toContain("✓ twice (1 expectation)");
    expect(out).toContain("✗ thrice (1 expectation)\n    expect y == 9\n      y is 6, expected 9\n");
    expect(out).toContain("1 passed, 1 failed");
  });

  test("--json prints an object for each check", async () => {
    const { json } = await nnet(["test", "failing.nnet", "--json"]);
    expect(json).toMatchObject([
      {
        type: "check",
        title: "twice",
        ok: true,
        expectations: [{ text: "y == 6", ok: true, expected: "6", actual: "6" }],
      },
      {
        type: "check",
        title: "thrice",
        ok: false,
        expectations: [{ text: "y == 9", ok: false, expected: "9", actual: "6" }],
      },
    ]);
  });

  test("without a single check nothing is proved", async () => {
    expect(await nnet(["test", "xor.nnet"])).toMatchObject({ code: 1, out: "no checks found\n" });
  });
});

describe("wrong commands", () => {
  test.each([
    [["trian", "xor.nnet"], 2, "(Did you mean train?)"],
    [["train", "xor.nnet", "--epoch", "3"], 2, "(Did you mean --epochs?)"],
    [["train", "xor.nnet", "--epochs", "0"], 2, "It must be a whole number of at least 1."],
    [["train", "xor.nnet", "--seed", "1.5"], 2, "It must be a whole number of at least 0."],
    [["train"], 2, "missing required argument 'file'"],
    [["train", "xr.nnet"], 1, "there is no file xr.nnet; did you mean xor.nnet?"],
    [["check", "."], 1, ". is a folder; name a .nnet file in it"],
  ])("%j", async (args, code, message) => {
    const outcome = await nnet(args);
    expect(outcome.code).toBe(code);
    expect(outcome.error).toContain(message);
    expect(outcome.error).not.toMatch(/\n {4}at /);
  });

  test("help and version are answers, not errors", async () => {
    expect(await nnet(["--version"])).toMatchObject({ code: 0, out: "1.2.3\n" });
    const { code, out } = await nnet(["--help"]);
    expect(code).toBe(0);
    for (const command of ["check", "train", "run", "test"]) expect(out).toContain(`\n  ${command} `);
  });

  test("--json says errors as objects too", async () => {
    expect((await nnet(["train", "xr.nnet", "--json"])).json).toEqual([
      { type: "error", message: "there is no file xr.nnet; did you mean xor.nnet?" },
    ]);
  });
});

describe("nnet fmt", () => {
  const untidy = "network Net(x:[2]) {\n return x->Dense( 3 )\n}";
  const tidy = "network Net(x: [2]) {\n  return x -> Dense(3)\n}\n";
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  test("writes the canonical form", async () => {
    write("untidy.nnet", untidy);
    const { code, out } = await nnet(["fmt", "untidy.nnet"]);
    expect([code, out, read("untidy.nnet")]).toEqual([0, "untidy.nnet: formatted\n", tidy]);
  });

  test("says nothing of a file that has it", async () => {
    write("tidy.nnet", tidy);
    expect(await nnet(["fmt", "tidy.nnet"])).toMatchObject({ code: 0, out: "" });
  });

  test("with --check writes nothing and fails", async () => {
    write("checked.nnet", untidy);
    const { code, out } = await nnet(["fmt", "--check", "checked.nnet"]);
    expect([code, out, read("checked.nnet")]).toEqual([1, "checked.nnet: not formatted\n", untidy]);
  });

  test("leaves what cannot be read as it is, and says so", async () => {
    write("broken.nnet", "network Net(x: [2]) {\n return x->\n}\n");
    const { code, out } = await nnet(["fmt", "broken.nnet"]);
    expect([code, out]).toEqual([1, "broken.nnet: 1 syntax problem; those declarations stay as they are\n"]);
    expect(read("broken.nnet")).toContain(" return x->\n");
  });

  test("of a missing file says what is missing", async () => {
    expect(await nnet(["fmt", "tidi.nnet"])).toMatchObject({ code: 1, error: expect.stringContaining("did you mean") });
  });

  test("finds every example formatted", async () => {
    const files = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".nnet"));
    const paths = files.map((name) => join(examples, name));
    expect(await nnet(["fmt", "--check", ...paths])).toMatchObject({ code: 0, out: "" });
  });
});
