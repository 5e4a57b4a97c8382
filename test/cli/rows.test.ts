// `nnet run` from table to table, against the same rows run one by one.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { encodeCheckpoint } from "../../engine/runtime/checkpoint";
import { CheckpointFile } from "../../engine/runtime/checkpoint-file";
import { contextOf, Pass } from "../../engine/runtime/pass";
import type { Terminal } from "../../extension/cli/terminal";
import { trainerOf, trainToEnd, xor } from "../engine/runtime/support";
import { runCli } from "./run-cli";

const folder = join(mkdtempSync(join(tmpdir(), "nnet-rows-")), "work");
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const linesOf = (name: string): string[] => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  write("xor.nnet", xor.replace("epochs: 200", "epochs: 20"));
});

const nnet = (args: readonly string[], terminal: Partial<Terminal> = {}) => runCli(args, { folder, ...terminal });

async function outputOf(file: string, sample: readonly number[], ...options: readonly string[]) {
  const { out } = await nnet(["run", file, "--input", JSON.stringify(sample), "--json", ...options]);
  return JSON.parse(out) as { values: { output: number }; prediction?: string };
}

const flowers = `data Flowers = Csv("flowers.csv", scale: 0.1)
  network Net(x: [2]) { return x -> Dense(3) -> Softmax }
  train Net on Flowers { loss: CrossEntropy optimizer: SGD(rate: 0.1) epochs: 2 }`;
const table = 'length,width,kind\n1,2,aster\n3,4,"bell, blue"\n5,6,clover\n';

describe("a table", () => {
  test("gives the numbers its rows give alone, with class and probability", async () => {
    const rows = [
      [0, 1],
      [1, 1],
      [0.5, -2],
    ];
    write("rows.csv", rows.map((row) => `${row.join(",")}\n`).join(""));
    const { code, out, error } = await nnet(["run", "xor.nnet", "--input", "rows.csv", "--output", "out.csv"]);
    expect({ code, error }).toEqual({ code: 0, error: "first the training Xor\n" });
    expect(out).toMatch(/^out\.csv: 3 rows in \d+\.\d s, weights trained for 20 epochs \(20 steps\) as Xor\n$/);
    const [header, ...lines] = linesOf("out.csv");
    expect(header).toBe("prediction,probability,output");
    for (const [index, row] of rows.entries()) {
      const { values, prediction } = await outputOf("xor.nnet", row);
      const probability = Math.max(values.output, 1 - values.output);
      expect(lines[index]).toBe(`${prediction},${probability},${values.output}`);
    }
  });

  test("takes columns by the names of the training's inputs, scales as that does, and names the classes", async () => {
    write("flowers.csv", table);
    write("flowers.nnet", flowers);
    write("rows.csv", "width,remark,length\n2,fine,1\n6,wet,5\n");
    const { out } = await nnet(["run", "flowers.nnet", "--input", "rows.csv", "--output", "out.csv"]);
    expect(out).toContain("inputs times 0.1 as in Flowers");
    const [header, first] = linesOf("out.csv");
    expect(header).toBe('prediction,probability,output[aster],"output[bell, blue]",output[clover]');
    const { values } = await outputOf("flowers.nnet", [0.1, 0.2]);
    expect(first!.endsWith([values.output].flat().join(","))).toBe(true);
  });

  test("takes the columns that are named or numbered", async () => {
    write("rows.csv", "a,b,c\n7,0,1\n8,1,0\n");
    const run = (columns: string) =>
      nnet(["run", "xor.nnet", "--input", "rows.csv", "--output", "out.csv", "--columns", columns]);
    const results: string[][] = [];
    for (const columns of ["b,c", "1,-1", "b, 2"]) {
      expect((await run(columns)).code).toBe(0);
      results.push(linesOf("out.csv"));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(results[0]![1]!.split(",")[2]).toBe(String((await outputOf("xor.nnet", [0, 1])).values.output));
    expect((await run("b")).error).toContain("--columns names 1 columns, but Xor takes bits: [2], 2 numbers");
    expect((await run("b,d")).error).toContain('rows.csv has no column "d"');
  });

  test("fills every output of a network, which a network that nothing trains may have fresh", async () => {
    write("two.nnet", "network Two(a, b: [2]) {\n  m = [[1, 2], [3, 4]]\n  return { sum: a + b, scaled: m * a }\n}");
    write("rows.csv", "10,1,2\n20,3,4\n");
    const args = ["run", "two.nnet", "--input", "rows.csv", "--output", "out.csv"];
    expect((await nnet(args)).error).toContain("no training of two.nnet trains Two");
    expect((await nnet([...args, "--untrained"])).code).toBe(0);
    expect(linesOf("out.csv")).toEqual([
      "sum[0],sum[1],scaled[0;0],scaled[0;1],scaled[1;0],scaled[1;1]",
      "11,12,10,20,30,40",
      "23,24,20,40,60,80",
    ]);
  });

  test("comes out whole and in its order, however long it is", async () => {
    write("double.nnet", "network Double(x) { return 2 * x }");
    write("rows.csv", Array.from({ length: 10_000 }, (_, index) => `${index}\n`).join(""));
    const args = ["run", "double.nnet", "--untrained", "--input", "rows.csv", "--output", "out.csv", "--json"];
    expect(JSON.parse((await nnet(args)).out)).toMatchObject({ type: "rows", rows: 10_000, notFinite: 0 });
    expect(linesOf("out.csv")).toEqual(["output", ...Array.from({ length: 10_000 }, (_, index) => String(2 * index))]);
  });

  test("says how many rows gave no number", async () => {
    write("root.nnet", "network Root(x) { return log(x) }");
    write("rows.csv", "1\n-1\n0\n");
    const { error } = await nnet(["run", "root.nnet", "--untrained", "--input", "rows.csv", "--output", "out.csv"]);
    expect(error).toBe("2 rows of out.csv gave NaN or infinity\n");
    expect(linesOf("out.csv")).toEqual(["output", "0", "NaN", "-Infinity"]);
  });
});

describe("weights of a checkpoint", () => {
  beforeEach(async () => {
    const trainer = await trainerOf(xor);
    trainToEnd(trainer);
    await new CheckpointFile(folder, "xor.safetensors").write(encodeCheckpoint(trainer));
    write("rows.csv", "0,0\n0,1\n");
  });
  const saved = ["--checkpoint", "xor.safetensors"];

  test("run without a training, also alone", async () => {
    const { out, error } = await nnet(["run", "xor.nnet", "--input", "rows.csv", "--output", "out.csv", ...saved]);
    expect(error).toBe("");
    expect(out).toContain("weights of xor.safetensors, trained for 200 epochs (200 steps) as Xor");
    const one = await outputOf("xor.nnet", [0, 1], ...saved);
    const trainer = await trainerOf(xor);
    trainToEnd(trainer);
    const inputs = { bits: { shape: [1, 2], data: Float64Array.of(0, 1) } };
    const pass = new Pass(trainer.training.network, { batchSize: 1, mode: "eval", values: ["p"], gradients: [] });
    pass.run(trainer.weights, { inputs }, contextOf(0, 0));
    expect(one).toMatchObject({ values: { output: [pass.value("p").data[0]] }, prediction: "1" });
    expect(linesOf("out.csv")[2]!.split(",")[2]).toBe(String(pass.value("p").data[0]));
  });

  test("do for a network that nothing trains here", async () => {
    write("alone.nnet", xor.slice(xor.indexOf("network"), xor.indexOf("train")));
    const args = ["run", "alone.nnet", "--input", "rows.csv", "--output", "out.csv"];
    expect((await nnet([...args, ...saved])).code).toBe(0);
    expect(linesOf("out.csv")[0]).toBe("output");
  });

  test("of another network are refused, and so are fresh ones beside them", async () => {
    write("xor.nnet", xor.replace("Dense(8)", "Dense(9)"));
    const args = ["run", "xor.nnet", "--input", "[0, 1]", ...saved];
    const { error } = await nnet(args);
    expect(error).toContain("xor.safetensors does not fit Xor: h.W is [2, 9], and was [2, 8]");
    expect(error).toContain("Undo that, or train it again");
    expect((await nnet([...args, "--untrained"])).error).toContain("take one of them");
    expect((await nnet(["run", "xor.nnet", "--sample", "0", "--checkpoint", "none"])).error).toContain(
      "there is no checkpoint none",
    );
  });
});

describe("what was there before stays, and nothing else is left", () => {
  const rows = Array.from({ length: 1000 }, () => "0,1\n").join("");
  const args = ["run", "xor.nnet", "--untrained", "--input", "rows.csv", "--output", "out.csv"];

  beforeEach(() => write("out.csv", "before"));
  const isUntouched = (): void => {
    expect(readFileSync(join(folder, "out.csv"), "utf8")).toBe("before");
    expect(readdirSync(folder).sort()).toEqual(["out.csv", "rows.csv", "xor.nnet"]);
  };

  test("when a row is wrong", async () => {
    write("rows.csv", `${rows}0,one\n`);
    const { code, error } = await nnet(args);
    expect(code).toBe(1);
    expect(error).toContain('rows.csv: row 1001, column 2: "one" is not a number');
    isUntouched();
  });

  test("when the user interrupts it", async () => {
    write("rows.csv", rows);
    let interrupt = () => {};
    const { code, error } = await nnet(args, {
      onInterrupt: (callback) => {
        interrupt = callback;
        return () => {};
      },
      pause: async () => interrupt(),
    });
    expect({ code, error }).toEqual({ code: 130, error: "out.csv was not written\n" });
    isUntouched();
  });

  test("when the table does not fit, which is said before anything is trained", async () => {
    write("rows.csv", "a,b,c\n1,2,3\n");
    const { code, error } = await nnet(args.filter((argument) => argument !== "--untrained"));
    expect(code).toBe(1);
    expect(error).toBe(
      "error: rows.csv has 3 columns, but Xor takes bits: [2], 2 numbers: say which with --columns, by name or number\n",
    );
    isUntouched();
  });
});

test("a folder that does not exist is told before anything is trained", async () => {
  write("rows.csv", "0,1\n");
  expect(await nnet(["run", "xor.nnet", "--input", "rows.csv", "--output", "missing/out.csv"])).toMatchObject({
    code: 1,
    error: "error: missing/out.csv cannot be written: its folder does not exist\n",
  });
});

describe("what does not go together is refused", () => {
  test.each([
    [["--sample", "1", "--output", "o.csv"], "--output is for the rows of --input FILE"],
    [["--input", "[0, 1]", "--columns", "a"], "--columns is for the rows of --input FILE"],
    [["--input", "rows.csv", "--output", "o.csv"], "there is no file rows.csv"],
  ])("%j", async (options, message) => {
    const { code, error } = await nnet(["run", "xor.nnet", ...options]);
    expect(code).toBe(1);
    expect(error).toContain(message);
  });
});
