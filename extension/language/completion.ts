// Text and cursor → what can be written there, with documentation. Works on text that is being written: what is missing
// or wrong elsewhere does not matter. What this version cannot run is not proposed.

import { documentation } from "../../engine/model/catalog";
import type { ArgumentDoc } from "../../engine/protocol/catalog";
import type { DataDeclaration } from "../../engine/protocol/network";
import { type Analysis, analyze } from "./analyze";
import type { Declaration, Expression } from "./ast";
import { attributeTypes, choices, describeArgument, missingArguments, wordsOf, zerosFor } from "./completion/arguments";
import { callables } from "./completion/callables";
import { type CalledAt, calledAt, positionalCount } from "./completion/calls";
import { type Cursor, type Position, readCursor } from "./completion/cursor";
import { columnsAt, filesAt, quoted } from "./completion/files";
import { type CompletionItem, type Draft, placeholder, unique } from "./completion/items";
import { attributes, declared, loweredBody, members, namesInScope, parameters, sharedLayers } from "./completion/names";
import { type Body, runsIn, runsLossExpression } from "./completion/offered";
import { missingSettings, settingOf } from "./completion/settings";
import { checkWords, declarationWords, headWords, statementWords, typeWords } from "./completion/words";
import type { NameSymbol, NetworkNames } from "./navigation/names";
import { subjectOf, Visible } from "./navigation/occurrences";
import { type Project, projectOf } from "./navigation/project";

export type { CompletionItem } from "./completion/items";

/** What completion asks about the world outside the text. */
export interface CompletionEnvironment {
  /** Names of a table's columns, the target's included; undefined while they are not known. */
  columnsOf(data: DataDeclaration): readonly string[] | undefined;
  /** What a folder holds; the path is relative to the document, "" for its own folder. */
  listFiles(folder: string): readonly FileEntry[];
  /** The files whose names the document may see; the document alone when absent. */
  readonly project?: Project;
  /** The document's place in the project. */
  readonly path?: string;
}

export interface FileEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Characters after which completion opens by itself, where `trigger` below allows it. */
export const triggers: readonly string[] = [".", " ", '"', "/"];

/**
 * In the order they should be shown in. `trigger` is the character that opened the list, if one did: then nothing is
 * proposed where the user has more likely just gone on writing.
 */
export function completionsAt(
  analysis: Analysis,
  offset: number,
  environment: CompletionEnvironment,
  trigger?: string,
): readonly CompletionItem[] {
  const cursor = readCursor(analysis.text, analysis.file, offset);
  if (cursor === undefined || !isMeant(cursor, trigger)) return [];
  const visible = visibleIn(analysis, environment);
  const scene = new Scene(analysis, cursor, visible, environment);
  return unique(scene.drafts()).map((draft, index) => ({
    insertText: draft.label,
    filterText: draft.label,
    ...draft,
    range: cursor.range,
    replacing: cursor.replacing,
    sortText: String(index).padStart(5, "0"),
  }));
}

export function visibleIn(
  { text, file }: Analysis,
  { project, path = "" }: Pick<CompletionEnvironment, "project" | "path">,
): Visible {
  const own = { path, text, tree: file };
  return new Visible(projectOf([own, ...(project?.files ?? [])]), own);
}

/** Where a space ends what can only be followed by something known. */
const openedBySpace: ReadonlySet<Position["kind"]> = new Set<Position["kind"]>([
  "network",
  "data",
  "training",
  "source",
  "type",
  "stage",
  "sharedLayer",
  "initializer",
  "given",
  "settingValue",
  "argument",
]);

function isMeant({ position, inString }: Cursor, trigger: string | undefined): boolean {
  if (trigger === undefined) return true;
  if (trigger === '"' || trigger === "/") return inString;
  if (trigger === ".") return position.kind === "member" && !inString;
  return trigger !== " " || (openedBySpace.has(position.kind) && !inString);
}

class Scene {
  private readonly declaration: Declaration | undefined;
  private readonly called: CalledAt | undefined;

  constructor(
    private readonly analysis: Analysis,
    private readonly cursor: Cursor,
    private readonly visible: Visible,
    private readonly environment: CompletionEnvironment,
  ) {
    this.declaration = cursor.declaration;
    this.called = calledAt(analysis, visible, cursor);
  }

  drafts(): Draft[] {
    const { position, inString } = this.cursor;
    if (inString) return this.inString();
    switch (position.kind) {
      case "nothing":
        return [];
      case "declaration":
        return declarationWords(
          this.networkNames(),
          [...this.visible.dataSets()].map(({ name }) => name),
        );
      case "import":
        return [quoted()];
      case "network":
        return declared(this.symbolsOfNetworks(), this.analysis.module);
      case "data":
        return declared(this.visible.dataSets(), this.analysis.module);
      case "training":
        return this.trainings();
      case "word":
        return headWords(position.words);
      case "source":
        return callables("dataset", this.writing({ piped: true }));
      case "type":
        return typeWords();
      case "statement":
        return statementWords({ hasReturn: this.hasReturn() });
      case "setting":
        return this.settings("train");
      case "checkStatement":
        return [
          ...checkWords(this.checked).filter(({ label }) => label !== "step" || this.hasSetting("optimizer")),
          ...this.settings(this.checked),
        ];
      case "stage":
        return this.stages();
      case "sharedLayer":
        return callables("layer", this.writing({ piped: true }));
      case "value":
        return this.values();
      case "initializer":
        return [
          ...callables("initializer", this.writing({ piped: true })),
          ...attributes(this.analysis, this.scope),
          quoted(),
        ];
      case "given":
        return parameters(loweredBody(this.analysis.module, this.scope));
      case "constant":
        return attributes(this.analysis, this.scope, ["int", "float"]);
      case "member":
        return position.owner.length === 0 ? [] : this.members(position.owner, position.isGiven);
      case "settingValue":
        return this.settingValues(position.key, { inList: position.inList });
      case "argument":
        return this.arguments();
      default:
        return position satisfies never;
    }
  }

  // What is around the cursor.

  /** The network whose names are in scope. */
  private get scope(): NetworkNames | undefined {
    if (this.declaration === undefined) return undefined;
    return this.visible.own.bodies.get(this.declaration) ?? subjectOf(this.visible, this.declaration);
  }

  private get isFormula(): boolean {
    return this.declaration?.kind === "train" || this.declaration?.kind === "check";
  }

  /** What the check around the cursor is about. */
  private get checked(): "check" | "after" {
    return this.declaration?.kind === "check" && this.declaration.subject.kind === "after" ? "after" : "check";
  }

  private writing({ piped }: { readonly piped: boolean }): { piped: boolean; nameOnly: boolean } {
    return { piped, nameOnly: this.analysis.text[this.cursor.replacing.end] === "(" };
  }

  private symbolsOfNetworks(): NameSymbol[] {
    return [...this.visible.callables()].flatMap(({ symbol }) => (symbol?.kind === "network" ? [symbol] : []));
  }

  private networkNames(): string[] {
    return this.symbolsOfNetworks().map(({ name }) => name);
  }

  private hasReturn(): boolean {
    const { declaration } = this;
    const hasBody = declaration?.kind === "network" || declaration?.kind === "block";
    return hasBody && declaration.body.some(({ kind }) => kind === "return");
  }

  private hasSetting(name: string): boolean {
    return this.settingNames().has(name);
  }

  /** Keys of the settings the body has, but for the one that is being written. */
  private settingNames(): Set<string> {
    const { declaration, cursor } = this;
    const entries =
      declaration?.kind === "train"
        ? declaration.entries
        : declaration?.kind === "check"
          ? declaration.statements.filter((statement) => statement.kind === "entry")
          : [];
    return new Set(entries.filter(({ key }) => key.range.start !== cursor.range.start).map(({ key }) => key.name));
  }

  // What can be written.

  private trainings(): Draft[] {
    return [...this.visible.own.trainings.keys()].map((label) => ({ label, kind: "training", detail: "training" }));
  }

  private settings(body: Body): Draft[] {
    const follows = /^\s*:/.test(this.analysis.text.slice(this.cursor.replacing.end, this.cursor.replacing.end + 20));
    return missingSettings(body, this.settingNames()).map((draft) =>
      follows ? { ...draft, insertText: draft.label } : draft,
    );
  }

  private stages(): Draft[] {
    const functions = callables("function", this.writing({ piped: true }));
    if (this.isFormula) return functions;
    const blocks = [...this.visible.callables()].flatMap(({ symbol }) => (symbol?.kind === "block" ? [symbol] : []));
    return [
      ...(this.scope ? sharedLayers(this.scope) : []),
      ...declared(
        blocks.filter((symbol) => symbol.id !== this.scope?.symbol?.id),
        this.analysis.module,
      ),
      ...callables("layer", this.writing({ piped: true })),
      ...functions,
    ];
  }

  private values(): Draft[] {
    const names = this.names();
    const functions = callables("function", this.writing({ piped: false }));
    if (!this.isFormula) return [...names, ...functions, ...callables("layer", this.writing({ piped: false }))];
    return [...names, ...this.formulaNames(), ...functions];
  }

  private names(): Draft[] {
    const { analysis, cursor, scope } = this;
    if (scope === undefined) return [];
    // Values differ from sample to sample; what a training has learnt is its parameters.
    if (this.checked === "after") return parameters(loweredBody(analysis.module, scope));
    const offset = this.isFormula ? Number.POSITIVE_INFINITY : cursor.range.start;
    return namesInScope(analysis, scope, { offset, without: (symbol) => this.isBeingBound(symbol) });
  }

  /** A value cannot be computed from itself: the statement or stage that the cursor stands in. */
  private isBeingBound({ kind, range }: NameSymbol): boolean {
    const { text } = this.analysis;
    const { start } = this.cursor.range;
    if (this.isFormula || kind !== "value" || start < range.start) return false;
    return start <= range.end || text.slice(range.end, start).trim() === "";
  }

  private formulaNames(): Draft[] {
    if (this.declaration?.kind === "train") return [target];
    const { checked } = this;
    const isAfter = checked === "after";
    const hasTarget = isAfter || this.hasSetting("target");
    return [
      ...(isAfter || this.hasSetting("loss") ? [loss] : []),
      ...(hasTarget && !isAfter ? [target] : []),
      ...(hasTarget ? callables("metric", { piped: true, nameOnly: true }) : []),
      ...derivatives
        .filter(({ example }) => runsIn(checked, `expect ${example} == 1`))
        .map(({ name, detail, snippet }): Draft => {
          const insertText = this.writing({ piped: true }).nameOnly ? name : snippet;
          return { label: name, kind: "function", detail, insertText, follow: "completions" };
        }),
    ];
  }

  private members(owner: readonly string[], isGiven: boolean): Draft[] {
    const isGradient = this.called?.target.kind === "formula" && this.called.target.name === "grad";
    const only = isGiven ? "parameters" : isGradient ? "gradients" : undefined;
    return members(loweredBody(this.analysis.module, this.scope), this.scope, owner, only);
  }

  private settingValues(key: string, { inList }: { readonly inList: boolean }): Draft[] {
    const body = this.declaration?.kind === "check" ? "check" : "train";
    const setting = settingOf(body, key);
    if (key === "validation") return declared(this.visible.dataSets(), this.analysis.module);
    if (setting?.choices) return choices(setting.choices);
    if (setting?.takes === undefined) return [];
    const entries = callables(setting.takes, this.writing({ piped: true })).filter(
      ({ label }) => !inList || !this.isInList(key, label),
    );
    if (setting.list && !inList) return entries.map((draft) => ({ ...draft, insertText: `[${draft.insertText}]` }));
    return key === "loss" && runsLossExpression() ? [...entries, ...this.values()] : entries;
  }

  private isInList(key: string, name: string): boolean {
    const entries = this.declaration?.kind === "train" ? this.declaration.entries : [];
    const value = entries.find((entry) => entry.key.name === key)?.value;
    const { start } = this.cursor.range;
    return (
      value?.kind === "list" &&
      value.elements.some((element) => nameOf(element) === name && element.range.start !== start)
    );
  }

  // Calls.

  private arguments(): Draft[] {
    const { called, cursor } = this;
    if (called === undefined) return this.declaration && cursor.call?.head === undefined ? this.values() : [];
    const { target, active } = called;
    if (target.kind === "formula") {
      const names = this.names().filter(({ kind }) => kind !== "attribute");
      return [...names, ...(target.name === "grad" ? this.gradientTargets() : [])];
    }
    const docs = called.parameters.arguments;
    const describe = target.kind === "catalog" ? describeArgument(target.doc) : (name: string) => summaryOf(docs, name);
    const zeros = target.kind === "network" ? (name: string) => zerosFor(target.names, name) : undefined;
    const names = missingArguments(called.call, docs, describe, positionalCount(called), zeros);
    if (active.kind === "input") return [...this.values(), ...names];
    return [...(active.kind === "argument" ? this.valuesOf(active.doc) : []), ...names];
  }

  private gradientTargets(): Draft[] {
    const own = parameters(loweredBody(this.analysis.module, this.scope));
    return this.hasSetting("target") ? [target, ...own] : own;
  }

  private valuesOf({ type }: ArgumentDoc): Draft[] {
    if (type.kind === "file") return [quoted()];
    const isHead = this.cursor.call?.head !== undefined;
    const own = isHead || this.isFormula ? [] : attributes(this.analysis, this.scope, attributeTypes(type));
    const columns = type.kind === "column" ? columnsAt(this.dataAround(), this.environment, { quoted: true }) : [];
    return [...own, ...columns, ...wordsOf(type, this.writing({ piped: true }))];
  }

  // Texts.

  private inString(): Draft[] {
    const { cursor, called, environment } = this;
    const written = this.analysis.text.slice(cursor.range.start, cursor.range.end);
    if (cursor.position.kind === "import") return filesAt(written, environment, ["nnet"]);
    if (cursor.position.kind === "initializer") return filesAt(written, environment, ["npy"]);
    if (cursor.position.kind !== "argument" || called?.active.kind !== "argument") return [];
    const { type } = called.active.doc;
    if (type.kind === "file") return filesAt(written, environment, [cursor.position.call.callee.toLowerCase(), "gz"]);
    if (type.kind === "column") return columnsAt(this.dataAround(), environment, { quoted: false });
    return type.kind === "choice" ? choices(type.choices) : [];
  }

  /** The data set the cursor stands in; without its columns when one of them is just being written. */
  private dataAround(): readonly DataDeclaration[] {
    const { declaration, analysis } = this;
    if (declaration?.kind !== "data") return [];
    const whole = analysis.module.data.filter(({ range }) => range.start === declaration.range.start);
    const { source } = declaration;
    const doc = source.kind === "call" ? documentation("dataset", source.callee.name) : undefined;
    if (source.kind !== "call" || doc === undefined) return whole;
    const kept = source.arguments.filter(
      ({ name, value }) =>
        value.kind !== "missing" && doc.arguments.find((each) => each.name === name?.name)?.type.kind !== "column",
    );
    const text = kept.map(({ range }) => analysis.text.slice(range.start, range.end)).join(", ");
    return [...whole, ...analyze(`data D = ${doc.name}(${text})`).module.data];
  }
}

const loss: Draft = { label: "loss", kind: "metric", detail: "the loss of the run" };
const target: Draft = { label: "target", kind: "value", detail: "what the output should be" };

/** `example` is asked of lowering, whose network has an input x and a parameter W. */
const derivatives = [
  { name: "grad", detail: "the gradient of the loss by a value", snippet: "grad($1)", example: "grad(W)" },
  {
    name: "jacobian",
    detail: "all derivatives of one value by another",
    snippet: `jacobian(${placeholder(1, "y")}, ${placeholder(2, "x")})`,
    example: "jacobian(y, x)",
  },
] as const;

function summaryOf(docs: readonly ArgumentDoc[], name: string): string | undefined {
  return docs.find((doc) => doc.name === name)?.summary;
}

function nameOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  return expression.kind === "call" ? expression.callee.name : undefined;
}
