// Words of the language as completions, each with the rest of what it begins.

import { namesOf } from "../../../engine/model/catalog";
import type { Word } from "./cursor";
import { choice, type Draft, placeholder } from "./items";
import { runsDeclaration, runsIn } from "./offered";

export function declarationWords(networks: readonly string[], data: readonly string[]): Draft[] {
  const network = choice(1, networks.length > 0 ? networks : ["Network"]);
  const words: Draft[] = [
    word("data", "a data set", `data ${placeholder(1, "Name")} = $0`, "completions"),
    word(
      "network",
      "a network, written for one sample",
      `network ${placeholder(1, "Name")}(${placeholder(2, "x")}: [${placeholder(3, "2")}]) {\n\treturn \${2:x}\n\t\t-> $0\n}`,
    ),
    word(
      "train",
      "a training of a network on data",
      `train ${network} on ${choice(2, data.length > 0 ? data : ["Data"])} {\n\tloss: ${choice(3, namesOf("loss"))}\n\toptimizer: ${choice(4, namesOf("optimizer"))}\n\tepochs: ${placeholder(5, "10")}\n}`,
    ),
    word(
      "check",
      "a worked example that runs",
      `check "${placeholder(2, "title")}" on ${network}($3) {\n\texpect $0\n}`,
    ),
  ];
  if (runsDeclaration("block")) {
    const body = `(${placeholder(2, "x")}) {\n\ty = \${2:x}\n\t\t-> $0\n\treturn y\n}`;
    words.push(word("block", "a part that networks can use", `block ${placeholder(1, "Name")}${body}`));
  }
  if (runsDeclaration("import")) {
    words.push(word("import", "the blocks, networks and data of another file", 'import "$0"', "completions"));
  }
  return words;
}

export function statementWords(options: { readonly hasReturn: boolean }): Draft[] {
  return [
    ...(options.hasReturn ? [] : [word("return", "the output", "return $0", "completions")]),
    word(
      "param",
      "a trained parameter",
      `param ${placeholder(1, "W")}: [${placeholder(2, "2, 3")}] = $0`,
      "completions",
    ),
    word("const", "a constant", `const ${placeholder(1, "c")} = $0`),
    word("layer", "one layer that several pipelines share", `layer ${placeholder(1, "name")} = $0`, "completions"),
  ];
}

export function checkWords(body: "check" | "after"): Draft[] {
  const words = [
    word("expect", "what must hold", "expect $0", "completions"),
    word("given", "a parameter's numbers before the run", "given $0", "completions"),
    word("step", "one update by the optimizer", "step"),
  ];
  const examples: Readonly<Record<string, string>> = { given: "given y = 1", step: "optimizer: SGD\nstep" };
  return words.filter(({ label }) => examples[label] === undefined || runsIn(body, examples[label]));
}

const wordDrafts: { readonly [W in Word]: Draft } = {
  on: word("on", "what it runs on", "on $0", "completions"),
  after: word("after", "the training whose results are checked", "after $0", "completions"),
  as: word("as", "a name", `as ${placeholder(1, "name")}`),
  repeat: word("repeat", "several instances, one after another", `repeat ${placeholder(1, "2")}`),
};

export function headWords(words: readonly Word[]): Draft[] {
  return words.filter((each) => each !== "after" || runsDeclaration("after")).map((each) => wordDrafts[each]);
}

export function typeWords(): Draft[] {
  return ["int", "float", "bool", "string"].map((name) => ({ label: name, kind: "type", detail: "an attribute" }));
}

function word(label: string, detail: string, insertText: string, follow?: Draft["follow"]): Draft {
  return { label, kind: "keyword", detail, insertText, ...(follow ? { follow } : {}) };
}
