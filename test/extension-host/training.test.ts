// Training from the editor: states, numbers, and what an edit does to them.

import * as assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import { Session } from "../../extension/host/session";
import { analyze } from "../../extension/language/analyze";
import { breaking } from "../breaking";
import {
  closeAll,
  errorsOf,
  eventually,
  extension,
  hoverText,
  open,
  openText,
  positionOf,
  replace,
  session,
  untilState,
} from "./support";

const execute = vscode.commands.executeCommand;

/** No test waits for its end. */
const endless = `data Points = Spiral

network Net(x: [2]) { return x -> Dense(64) -> ReLU -> Dense(3) -> Softmax }

train Net on Points { loss: CrossEntropy optimizer: SGD(rate: 0.1) epochs: 1000000 }
`;

suite("training", () => {
  teardown(async () => {
    await open("xor.nnet");
    await execute("nnet.resetWeights");
    await closeAll();
  });

  test("of xor ends with every row right, and the hover shows the gradient of a layer", async () => {
    const editor = await open("xor.nnet");
    await execute("nnet.train");
    await untilState(editor, "finished");
    const { history, snapshot } = session(editor)!;
    assert.equal(history.length, 300);
    assert.equal(history.at(-1)!.metrics.accuracy, 1);
    assert.ok(history.at(-1)!.loss < history[0]!.loss);
    assert.ok(snapshot?.quantities.h?.gradient, "no gradient of h");
    assert.match(await hoverText(editor, positionOf(editor, "as h", 3)), /gradient/i);
  });

  suite("that breaks down", () => {
    const marks = (editor: vscode.TextEditor): readonly vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(editor.document.uri);
    const untilMarked = (editor: vscode.TextEditor, count: 0 | 1): Promise<unknown> =>
      eventually(
        () => marks(editor),
        ({ length }) => length === count,
      );

    async function failed(text: string): Promise<vscode.TextEditor> {
      const editor = await openText(text);
      await untilMarked(editor, 0);
      await execute("nnet.train");
      await untilState(editor, "failed");
      await untilMarked(editor, 1);
      return editor;
    }

    test("marks the value where numbers ceased to be finite, with an explanation behind its code", async () => {
      const editor = await failed(breaking);
      const [mark] = marks(editor);
      assert.equal(editor.document.getText(mark!.range), "l");
      assert.match(mark!.message, /It begins in l .* A logarithm needs numbers above 0/);
      assert.ok(typeof mark!.code === "object");
      assert.equal(mark!.code.value, "not-finite");
      const page = await vscode.workspace.openTextDocument(mark!.code.target);
      assert.match(page.getText(), /^# not-finite\n.*A number became infinite or NaN/s);
    });

    test("is unmarked when the network is another", async () => {
      const editor = await failed(breaking);
      await replace(editor, "log(x)", "log(x + 2)");
      await untilMarked(editor, 0);
    });

    test("is unmarked when the training is another, and not by a comment", async () => {
      const editor = await failed(breaking);
      await replace(editor, "  l =", "  # Not above 0.\n  l =");
      await eventually(
        () => marks(editor).map(({ range }) => range.start.line),
        ([line]) => line === 5,
      );
      await replace(editor, "rate: 0.1", "rate: 0.01");
      await untilMarked(editor, 0);
    });

    test("is unmarked when it begins again", async () => {
      // The first step is a large one, and no more than that.
      const editor = await failed(breaking.replace("log(x)", "exp(x)").replace("SGD(rate: 0.1)", "SGD(rate: 10)"));
      await execute("nnet.step");
      await untilState(editor, "paused");
      await untilMarked(editor, 0);
    });
  });

  test("gives the same numbers again with the same seed", async () => {
    const editor = await open("xor.nnet");
    const losses: number[] = [];
    for (let run = 0; run < 2; run++) {
      await execute("nnet.resetWeights");
      await execute("nnet.train");
      await untilState(editor, "finished");
      losses.push(session(editor)!.history.at(-1)!.loss);
    }
    assert.equal(losses[0], losses[1]);
  });

  test("pauses, does single steps, goes on and stops when it is told to", async () => {
    const editor = await openText(endless);
    await execute("nnet.train");
    await untilState(editor, "running");
    await execute("nnet.pause");
    await untilState(editor, "paused");

    const before = session(editor)!.snapshot?.step ?? 0;
    await execute("nnet.step");
    await eventually(
      () => session(editor)!.snapshot?.step ?? 0,
      (step) => step > before,
    );
    await untilState(editor, "paused");

    await execute("nnet.resume");
    await untilState(editor, "running");
    await execute("nnet.stop");
    await untilState(editor, "stopped");
  });

  test("begins paused when the first command is a step", async () => {
    const editor = await open("xor.nnet");
    await execute("nnet.step");
    await untilState(editor, "paused");
    await eventually(
      () => session(editor)!.snapshot?.step,
      (step) => step === 1,
    );
  });

  test("forgets its numbers when the weights are reset", async () => {
    const editor = await open("xor.nnet");
    await execute("nnet.train");
    await untilState(editor, "finished");
    await execute("nnet.resetWeights");
    await untilState(editor, "idle");
    assert.equal(session(editor)!.snapshot, undefined);
    assert.deepEqual(session(editor)!.history, []);
  });

  test("begins with the numbers of a file beside it", async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const text = `
data Points = Table(inputs: [[1, 0], [0, 1]], targets: [0, 0])
network Line(x: [2]) {
  param W: [2] = "w.npy"
  return x @ W
}
train Line on Points { loss: HalfMSE optimizer: SGD(rate: 1) batch: 2 epochs: 1 }
`;
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, "line.nnet"), new TextEncoder().encode(text));
    const editor = await open("line.nnet");
    const errors = (): string => errorsOf(editor).join();
    await eventually(errors, (found) => found.startsWith("there is no file w.npy"));
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, "w.npy"), npy([1, 2, 3]));
    await eventually(errors, (found) => found === "W is declared [2], but its numbers are [3]");
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, "w.npy"), npy([1.5, 2.5]));
    await eventually(errors, (found) => found === "");
    await execute("nnet.train");
    await untilState(editor, "finished");
    // One step of W − 1 · (1/2) Σ x (xW − 0) halves each weight; their mean is (0.75 + 1.25) / 2.
    assert.equal(session(editor)!.snapshot!.quantities.W!.value.mean, 1);
    await execute("nnet.resetWeights");
  });

  test("keeps its numbers, marked as stale, when the network is edited", async () => {
    const editor = await open("xor.nnet");
    await execute("nnet.train");
    await untilState(editor, "finished");
    await replace(editor, "hidden: int = 8", "hidden: int = 9");
    const edited = await hoverText(editor, positionOf(editor, "as h", 3));
    assert.match(edited, /before the last edit/);
    await replace(editor, "hidden: int = 9", "hidden: int = 8");
    assert.doesNotMatch(await hoverText(editor, positionOf(editor, "as h", 3)), /before the last edit/);
  });
});

suite("two trainings of one file", () => {
  const text = `
data Points = Table(inputs: [[1], [2]], targets: [1, 3])
network Line(x: [1], units: int = 2) { return x -> Dense(units) as h -> Dense(1) as y }
network Other(x: [1]) { return x -> Dense(3) as h -> Dense(1) as y }
train Line on Points { loss: MSE optimizer: SGD(rate: 0.01) batch: 2 epochs: 2 }
train Line(units: 5) on Points as Wide { loss: MSE optimizer: SGD(rate: 0.01) batch: 2 epochs: 2 }
train Other on Points { loss: MSE optimizer: SGD(rate: 0.01) batch: 2 epochs: 2 }
`;

  teardown(closeAll);

  test("each have the numbers and shapes of their own, and the text has not changed since", async () => {
    const editor = await openText(text);
    const { uri } = editor.document;
    const hoverOver = (layer: string) => hoverText(editor, positionOf(editor, layer));
    const cases = [
      { training: "Line", layer: "Dense(units)", units: 2 },
      { training: "Wide", layer: "Dense(units)", units: 5 },
      { training: "Other", layer: "Dense(3)", units: 3 },
    ];
    for (const { training, layer, units } of cases) {
      await execute("nnet.train", uri, training);
      await eventually(
        () => session(editor)?.state,
        (state) => state?.kind === "finished" && state.training === training,
      );
      assert.deepEqual(session(editor)!.snapshot!.quantities["h.W"]!.value.shape, [1, units]);
      const hover = await hoverOver(layer);
      for (const words of [`\`${training}\`: epoch 2, step 2`, `\`[${units}]\` for one sample`, `\`[1, ${units}]\``])
        assert.ok(hover.includes(words), `"${words}" is not in ${hover}`);
      assert.doesNotMatch(hover, /before the last edit/);
    }
    // The numbers are those of the last one, and of its network only.
    assert.doesNotMatch(await hoverOver("Dense(units)"), /epoch/);
    await execute("nnet.resetWeights");
  });
});

suite("a training that is written down", () => {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const text = (epochs: number, checkpoint: string): string => `
data Points = Moons(samples: 200, noise: 0.2, seed: 1)
network Moon(x: [2]) { return x -> Dense(8) as h -> Tanh -> Dropout(0.1) -> Dense(2) -> Softmax }
train Moon on Points {
  loss: CrossEntropy
  optimizer: Adam(rate: 0.01)
  epochs: ${epochs}
  validation: 0.2
  ${checkpoint}
}
`;

  async function openFile(name: string, content: string): Promise<vscode.TextEditor> {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(content));
    const editor = await open(name);
    assert.deepEqual(errorsOf(editor), []);
    return editor;
  }

  const losses = (editor: vscode.TextEditor): number[] => session(editor)!.history.map(({ loss }) => loss);

  teardown(closeAll);

  test("goes on from its file after a stop and a reset, with the numbers of one that was left alone", async () => {
    const whole = await openFile("whole.nnet", text(30, ""));
    await execute("nnet.train");
    await untilState(whole, "finished");
    const expected = losses(whole);
    await execute("nnet.resetWeights");

    const editor = await openFile("kept.nnet", text(30, "checkpoint: 10"));
    // In the middle of the second epoch.
    for (let step = 0; step < 7; step++) await execute("nnet.step");
    await execute("nnet.stop");
    assert.equal(session(editor)!.state.kind, "stopped");
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, "kept.Moon.safetensors"));
    await execute("nnet.resetWeights");

    await execute("nnet.resumeFromCheckpoint");
    await untilState(editor, "finished");
    assert.deepEqual(losses(editor), expected);
    await execute("nnet.resetWeights");
  });

  test("is written down when its window closes", async () => {
    const [training] = analyze(text(1_000_000, "checkpoint: 1000000")).module.trainings;
    const file = vscode.Uri.joinPath(folder, "closing.nnet");
    const closing = new Session(file, path.join(extension.extensionPath, "dist", "worker.cjs"));
    await closing.train(training!, 1);
    await eventually(
      () => closing.history.length,
      (epochs) => epochs > 0,
    );
    await closing.close();
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, "closing.Moon.safetensors"));
  });

  test("cannot go on when it never was, and begins nothing", async () => {
    const editor = await openFile("never.nnet", text(3, ""));
    await execute("nnet.resumeFromCheckpoint");
    assert.equal(session(editor)?.state.kind ?? "idle", "idle");
    const named = await openFile("named.nnet", text(3, 'checkpoint: "none.safetensors"'));
    await execute("nnet.resumeFromCheckpoint");
    await untilState(named, "failed");
    const { state } = session(named)!;
    assert.match(
      state.kind === "failed" ? state.message : "",
      /^there is no checkpoint none\.safetensors: looked for /,
    );
  });
});

suite("which training", () => {
  const twice = `
network Line(x: [1]) { return x -> Dense(1) }
data Points = Table(inputs: [[0], [1]], targets: [[0], [2]])
train Line on Points as First { loss: MSE optimizer: SGD(rate: 0.1) epochs: 3 }
train Line on Points as Second { loss: MSE optimizer: SGD(rate: 0.1) epochs: 3 }
`;
  const trained = (editor: vscode.TextEditor): string | undefined => {
    const { state } = session(editor)!;
    return state.kind === "idle" ? undefined : state.training;
  };

  teardown(closeAll);

  test("runs is the one under the cursor when there are several", async () => {
    const editor = await openText(twice);
    const cursor = positionOf(editor, "epochs: 3 }\n", -30).translate(1);
    // Setting the selection of an editor would only send it, and what the window says of it before would count until then.
    await vscode.window.showTextDocument(editor.document, { selection: new vscode.Range(cursor, cursor) });
    await execute("nnet.train");
    await untilState(editor, "finished");
    assert.equal(trained(editor), "Second");
  });

  test("runs is the one whose lens was clicked", async () => {
    const editor = await openText(twice);
    await execute("nnet.train", editor.document.uri, "First");
    await untilState(editor, "finished");
    assert.equal(trained(editor), "First");
  });

  test("runs is none while the network has an error", async () => {
    const editor = await openText(twice.replace("Dense(1)", "Dens(1)"));
    await execute("nnet.train", editor.document.uri, "First");
    assert.equal(session(editor)?.state.kind ?? "idle", "idle");
  });
});

/** A vector as numpy.save writes it. */
function npy(numbers: readonly number[]): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${numbers.length},), }`.padEnd(117);
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0);
  const data = new Uint8Array(Float64Array.from(numbers).buffer);
  return Uint8Array.of(...start, ...new TextEncoder().encode(`${header}\n`), ...data);
}
