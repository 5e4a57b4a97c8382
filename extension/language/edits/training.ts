// What a training says in numbers: its entries, and the arguments of its optimizer. Any network may be shown meanwhile.

import { documentation, namesOf } from "../../../engine/model/catalog";
import type { ArgumentDoc } from "../../../engine/protocol/catalog";
import type { WrittenArgument, WrittenArguments } from "../../../engine/protocol/editing";
import type { Training } from "../../../engine/protocol/network";
import type { CallExpression, Entry, NameExpression, TrainDeclaration } from "../ast";
import { settingOf } from "../completion/settings";
import { addEntry } from "../lower/fixes";
import { entryTypes, trainingDefaults } from "../lower/training";
import { argumentNamed } from "../written-arguments";
import { Draft } from "./draft";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import type { EditSource, Scene } from "./scene";
import { requireOneExpression, withWritten, writeArgument } from "./written";

/** The optimizer first, then its arguments as `optimizer.rate`, then entries. */
export function trainingArguments(source: EditSource, name: string): WrittenArguments {
  const declaration = declarationOf(source, name);
  const lowered = source.module.trainings.find((training) => training.name === name);
  const optimizer = optimizerOf(declaration);
  return {
    callee: name,
    arguments: [
      ...(optimizer ? optimizerArguments(source, optimizer, lowered) : []),
      ...entryDocs(declaration).map((doc) =>
        withWritten(doc, source.text, entryOf(declaration, doc.name)?.value, undefined),
      ),
    ],
  };
}

/** `batch` is an entry, `optimizer.rate` an argument of what an entry calls. Without `written` it is taken out. */
export function entryChange(scene: Scene, training: string, name: string, written: string | undefined): Intended {
  const draft = new Draft(scene.source.text);
  const declaration = declarationOf(scene.source, training);
  const what = written === undefined ? `${training} without ${name}` : `${name}: ${written} of ${training}`;
  const [key = "", argument] = name.split(".");
  const entry = entryOf(declaration, key);
  if (key === "optimizer") changeOptimizer(scene, draft, declaration, argument, written);
  else if (!entryDocs(declaration).some((doc) => doc.name === name))
    refuse(`${name} of ${training} is changed in the text.`);
  else if (written === undefined) {
    if (entry === undefined) refuse(`${name} of ${training} is not written: it has its default already.`);
    draft.removeStatement(entry!);
  } else {
    requireOneExpression(written, name);
    if (entry !== undefined) draft.replace(entry.value.range, written);
    else writeEntry(scene, draft, declaration, `${name}: ${written}`);
  }
  return { draft, what, change: unchanged };
}

function changeOptimizer(
  scene: Scene,
  draft: Draft,
  declaration: TrainDeclaration,
  argument: string | undefined,
  written: string | undefined,
): void {
  const call = optimizerOf(declaration) ?? refuse("There is no optimizer to change: write one in the text.");
  const name = calleeOf(call);
  const docs = documentation("optimizer", name)?.arguments ?? [];
  if (argument !== undefined) {
    if (!docs.some((doc) => doc.name === argument)) refuse(`${name} has no argument ${argument}.`);
    writeArgument(draft, scene.source.text, { call, docs, skip: 0, title: name }, argument, written);
    return;
  }
  if (written === undefined || !namesOf("optimizer").includes(written)) {
    refuse(`An optimizer is one of ${namesOf("optimizer").join(", ")}.`);
  }
  draft.replace(call.kind === "call" ? call.callee.range : call.range, written!);
}

function optimizerArguments(
  { text }: EditSource,
  call: CallExpression | NameExpression,
  lowered: Training | undefined,
): readonly WrittenArgument[] {
  const name = calleeOf(call);
  const choices: WrittenArgument = {
    name: "optimizer",
    type: { kind: "choice", choices: namesOf("optimizer") },
    summary: settingOf("train", "optimizer")?.summary ?? "",
    written: name,
  };
  const docs = documentation("optimizer", name)?.arguments ?? [];
  const list = call.kind === "call" ? call.arguments : [];
  const own = docs.map((doc) => {
    const argument = argumentNamed(list, docs, doc.name);
    return withWritten(
      { ...doc, name: `optimizer.${doc.name}` },
      text,
      argument?.value,
      lowered?.optimizer.arguments[doc.name],
    );
  });
  return [choices, ...own];
}

/** `steps` counts instead of `epochs` where it is written; a data set for validation is chosen in the text. */
function entryDocs(declaration: TrainDeclaration): readonly ArgumentDoc[] {
  const length = entryOf(declaration, "steps") ? "steps" : "epochs";
  const names = ["batch", length, "validation", "seed", "shuffle"] as const;
  return names.flatMap((name): ArgumentDoc[] => {
    if (name === "validation" && entryOf(declaration, name)?.value.kind === "name") return [];
    const preset =
      name in trainingDefaults
        ? { default: trainingDefaults[name as keyof typeof trainingDefaults] }
        : { optional: true };
    return [{ name, type: entryTypes[name], summary: settingOf("train", name)?.summary ?? "", ...preset }];
  });
}

/** Behind the others, each on a line of its own where they are. */
function writeEntry({ source }: Scene, draft: Draft, declaration: TrainDeclaration, line: string): void {
  const last = declaration.entries.at(-1);
  if (last !== undefined) {
    const lead = draft.lineStart(last.range.start) ?? " ";
    const at = lead === " " ? last.range.end : draft.behindComment(last.range.end);
    draft.insert(at, lead + line);
    return;
  }
  const [fix] = addEntry(source.text, declaration.range, line);
  const [edit] = fix?.edits ?? refuse("The training has no braces to write into: complete it in the text.");
  draft.replace(edit!.range, edit!.newText);
}

function declarationOf({ file }: EditSource, name: string): TrainDeclaration {
  const found = file.declarations.find(
    (declaration): declaration is TrainDeclaration =>
      declaration.kind === "train" && (declaration.alias ?? declaration.network).name === name,
  );
  return found ?? refuse(`There is no training ${name} in this file.`);
}

function entryOf({ entries }: TrainDeclaration, name: string): Entry | undefined {
  return entries.find(({ key }) => key.name === name);
}

function optimizerOf(declaration: TrainDeclaration): CallExpression | NameExpression | undefined {
  const value = entryOf(declaration, "optimizer")?.value;
  return value?.kind === "call" || value?.kind === "name" ? value : undefined;
}

function calleeOf(call: CallExpression | NameExpression): string {
  return call.kind === "call" ? call.callee.name : call.name;
}
