// Numbers and words in the diagram: arguments, shapes, attributes and what a training says, each where it is written.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `data Points = Blobs(classes: 3, samples: 60, seed: 1)

network Small(x: [2], size: int = 8) {
  return x
    -> Dense(2 * size) as h # wide
    -> ReLU
    -> Dense(3) as logits
    -> Softmax
}

train Small on Points as Quick {
  loss: CrossEntropy
  optimizer: Adam(rate: 0.01) # quick
  epochs: 3
}
`;

let diagram: EditedDiagram;

beforeAll(async () => {
  diagram = await EditedDiagram.showing("Softmax#1", before);
});
afterAll(async () => {
  await diagram?.close();
});

const field = (name: string) => diagram.view.getByRole("textbox", { name, exact: true });
const form = (name: string) => diagram.view.getByRole("dialog", { name });

describe("of a layer", () => {
  test("Enter opens the arguments, and a number that is changed is written where it stands", async () => {
    await diagram.focus("logits");
    await diagram.press("Enter");
    await field("units").fill("3 + 0");
    await diagram.press("Enter");
    await diagram.becomes("Dense(3)", "Dense(3 + 0)");
    await diagram.undo();
  });

  test("a switch is written when it leaves its default", async () => {
    await diagram.node("h").dblclick();
    await diagram.view.getByRole("switch", { name: "bias" }).uncheck();
    await field("units").press("Enter");
    await diagram.becomes("Dense(2 * size)", "Dense(2 * size, bias: false)");
    await diagram.undo();
  });

  test("an expression stands there with what it is worth, and a number can take its place", async () => {
    await diagram.focus("h");
    await diagram.press("Enter");
    expect(await field("units").inputValue()).toBe("2 * size");
    await form("Arguments of Dense").getByText("= 16").waitFor();
    await field("units").fill("size");
    await diagram.press("Enter");
    await diagram.becomes("Dense(2 * size)", "Dense(size)");
    await diagram.undo();
  });

  test("what would not fit is said while it is written", async () => {
    await diagram.focus("logits");
    await diagram.press("Enter");
    await field("units").fill("0");
    await diagram.verdict.getByText("at least 1").waitFor();
    await diagram.press("Escape");
    expect(await diagram.text()).toBe(before);
  });
});

describe("of the network", () => {
  test("its attributes are told over the diagram, and a press changes them", async () => {
    await diagram.view.getByRole("button", { name: /^size = 8/ }).click();
    await field("size").fill("5");
    await field("size").press("Enter");
    await diagram.becomes("size: int = 8", "size: int = 5");
    await diagram.view.getByRole("button", { name: /^size = 5/ }).waitFor();
    await diagram.undo();
  });

  test("A changes them by keyboard, and says what is no number of its type", async () => {
    await diagram.focus("h");
    await diagram.press("a");
    await field("size").fill("0.5");
    await diagram.verdict.getByText("size").waitFor();
    await field("size").fill("4");
    await diagram.press("Enter");
    await diagram.becomes("size: int = 8", "size: int = 4");
    await diagram.undo();
  });

  test("Enter on an input changes its shape, and says what would not fit", async () => {
    await diagram.focus("x");
    await diagram.press("Enter");
    expect(await field("shape").inputValue()).toBe("[2]");
    await field("shape").fill("[3]");
    await diagram.verdict.getByText("would not fit").waitFor();
    await field("shape").fill("2 * 1");
    await diagram.press("Enter");
    await diagram.becomes("x: [2]", "x: [2 * 1]");
    await diagram.undo();
  });

  test("so does a double click", async () => {
    await diagram.node("x").dblclick();
    await field("shape").fill("[size / 4]");
    await field("shape").press("Enter");
    await diagram.becomes("x: [2]", "x: [size / 4]");
    await diagram.undo();
  });
});

describe("of a training", () => {
  test("the learning rate is changed where the training is named over the diagram", async () => {
    await diagram.view.getByRole("button", { name: /^Quick/ }).click();
    await field("rate").fill("0.1");
    await field("batch").fill("16");
    await field("batch").press("Enter");
    await diagram.textBecomes(
      (text) => text === before.replace("0.01", "0.1").replace("epochs: 3", "epochs: 3\n  batch: 16"),
      "Rate and batch were not written",
    );
    await diagram.undo();
  });

  test("T changes the optimizer by keyboard", async () => {
    await diagram.focus("h");
    await diagram.press("t");
    await diagram.view.getByRole("combobox", { name: "optimizer" }).selectOption("SGD");
    await field("rate").press("Enter");
    await diagram.becomes("Adam(", "SGD(");
    await diagram.undo();
  });
});
