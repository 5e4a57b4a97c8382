// What each name in a text is, for coloring: a value, a trained parameter, a layer, an argument. Says only what the text's
// grammar cannot know or may take for something else; keywords, numbers and unknown names keep the grammar's colors.

import { documentation } from "../../engine/model/catalog";
import type { CallableKind } from "../../engine/protocol/catalog";
import type { Range } from "../../engine/protocol/text";
import type {
  BlockDeclaration,
  CheckDeclaration,
  Identifier,
  InputDeclaration,
  NameExpression,
  NetworkDeclaration,
  SourceFile,
  TrainDeclaration,
} from "./ast";
import { type SyntaxNode, walk } from "./syntax-tree";

/** Types of VS Code's own; package.json maps them to the grammar's scopes, so that colors stay when the tokens arrive. */
export const tokenTypes = [
  "class",
  "struct",
  "event",
  "type",
  "function",
  "variable",
  "parameter",
  "property",
] as const;

export const tokenModifiers = ["declaration", "readonly", "defaultLibrary", "trained", "argument"] as const;

export type TokenType = (typeof tokenTypes)[number];
export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken {
  readonly range: Range;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** Ordered by place, none overlapping another. */
export function semanticTokens(file: SourceFile): SemanticToken[] {
  const data = new Set<string>();
  const networks = new Map<string, Scope>();
  for (const declaration of file.declarations) {
    if (declaration.kind === "data") data.add(declaration.name.name);
    if (declaration.kind === "network") networks.set(declaration.name.name, scopeOf(declaration));
  }
  const tokens: SemanticToken[] = [];
  const add: Add = ({ start, end }, { type, modifiers = [] }, ...more) => {
    if (end > start) tokens.push({ range: { start, end }, type, modifiers: [...modifiers, ...more] });
  };
  for (const declaration of file.declarations) {
    switch (declaration.kind) {
      case "import":
        break;
      case "data":
        add(declaration.name.range, meanings.data, "declaration");
        readNames(declaration.source, new Map(), add);
        break;
      case "network":
      case "block":
        readNetwork(declaration, add);
        break;
      case "train":
        readTrain(declaration, withData(networks.get(declaration.network.name), data), add);
        break;
      case "check":
        readCheck(declaration, networks, add);
        break;
      default:
        declaration satisfies never;
    }
  }
  // Where the parser had to guess, a word may have been read twice.
  let end = 0;
  return tokens
    .sort((a, b) => a.range.start - b.range.start)
    .filter(({ range }) => {
      const isFree = range.start >= end;
      if (isFree) end = range.end;
      return isFree;
    });
}

interface Meaning {
  readonly type: TokenType;
  readonly modifiers?: readonly TokenModifier[];
}

type Add = (range: Range, meaning: Meaning, ...more: TokenModifier[]) => void;
type Scope = ReadonlyMap<string, Meaning>;

const meanings = {
  network: { type: "class" },
  data: { type: "struct" },
  training: { type: "event" },
  annotation: { type: "type", modifiers: ["defaultLibrary"] },
  input: { type: "parameter" },
  attribute: { type: "parameter", modifiers: ["readonly"] },
  value: { type: "variable" },
  trained: { type: "variable", modifiers: ["trained"] },
  constant: { type: "variable", modifiers: ["readonly"] },
  sharedLayer: { type: "function" },
  /** Layers, losses, optimizers, initializers and data sources. */
  callable: { type: "class" },
  function: { type: "function" },
  /** What a check or a loss may speak of without anybody having declared it: the target, metrics. */
  quantity: { type: "variable", modifiers: ["defaultLibrary"] },
  argument: { type: "property", modifiers: ["argument"] },
  property: { type: "property" },
} as const satisfies Record<string, Meaning>;

/** What the names of a network mean. */
function scopeOf({ inputs, body }: NetworkDeclaration | BlockDeclaration): Scope {
  const scope = new Map<string, Meaning>();
  for (const input of inputs) scope.set(input.name.name, meaningOfInput(input));
  for (const statement of body) {
    if (statement.kind === "parameter") {
      scope.set(statement.name.name, statement.trainable ? meanings.trained : meanings.constant);
    } else if (statement.kind === "layer") scope.set(statement.name.name, meanings.sharedLayer);
    else if (statement.kind === "binding") scope.set(statement.name.name, meanings.value);
    walk(statement, (node) => {
      if (node.kind === "stage" && node.alias) scope.set(node.alias.name, meanings.value);
    });
  }
  scope.delete("");
  return scope;
}

function meaningOfInput({ annotation }: InputDeclaration): Meaning {
  return annotation.kind === "type" ? meanings.attribute : meanings.input;
}

function withData(scope: Scope = new Map(), data: ReadonlySet<string>): Scope {
  return new Map<string, Meaning>([...[...data].map((name): [string, Meaning] => [name, meanings.data]), ...scope]);
}

function readNetwork(declaration: NetworkDeclaration | BlockDeclaration, add: Add): void {
  const scope = scopeOf(declaration);
  add(declaration.name.range, meanings.network, "declaration");
  for (const { name, annotation, default: preset, ...input } of declaration.inputs) {
    add(name.range, meaningOfInput({ name, annotation, ...input }), "declaration");
    if (annotation.kind === "type") add(annotation.type.range, meanings.annotation);
    if (annotation.kind === "shape") readNames(annotation, scope, add);
    if (preset) readNames(preset, scope, add);
  }
  for (const statement of declaration.body) {
    if (statement.kind !== "return") {
      add(statement.name.range, scope.get(statement.name.name) ?? meanings.value, "declaration");
    }
    readNames(statement, scope, add);
  }
}

function readTrain(
  { network, arguments: given, data, alias, entries }: TrainDeclaration,
  scope: Scope,
  add: Add,
): void {
  add(network.range, meanings.network);
  for (const argument of given) readNames(argument, scope, add);
  add(data.range, meanings.data);
  if (alias) add(alias.range, meanings.training, "declaration");
  for (const entry of entries) readNames(entry, scope, add, quantities);
}

function readCheck({ subject, statements }: CheckDeclaration, networks: ReadonlyMap<string, Scope>, add: Add): void {
  const scope = (subject.kind === "on" && networks.get(subject.network.name)) || new Map<string, Meaning>();
  if (subject.kind === "on") {
    add(subject.network.range, meanings.network);
    for (const argument of subject.arguments) readNames(argument, scope, add);
  } else {
    add(subject.training.range, meanings.training);
  }
  for (const statement of statements) readNames(statement, scope, add, quantities);
}

const quantities: ReadonlySet<string> = new Set(["target", "loss"]);

/** The names inside a node; names that the node itself defines but for those of stages and outputs are left out. */
function readNames(node: SyntaxNode, scope: Scope, add: Add, known: ReadonlySet<string> = new Set()): void {
  walk(node, (inner, parent) => {
    switch (inner.kind) {
      case "name": {
        const meaning = meaningOfName(inner, parent, scope, known);
        if (meaning) add(inner.range, meaning);
        return;
      }
      case "call":
        add(inner.callee.range, meaningOfCallee(inner.callee, scope));
        return;
      case "argument":
        if (inner.name) add(inner.name.range, meanings.argument);
        return;
      case "entry":
        add(inner.key.range, meanings.property);
        return;
      case "output":
        if (inner.name) add(inner.name.range, meanings.property, "declaration");
        return;
      case "member":
        add(inner.property.range, meanings.property);
        return;
      case "stage":
        if (inner.alias) add(inner.alias.range, meanings.value, "declaration");
        return;
      default:
        return;
    }
  });
}

function meaningOfName(
  node: NameExpression,
  parent: SyntaxNode | undefined,
  scope: Scope,
  known: ReadonlySet<string>,
): Meaning | undefined {
  const { name } = node;
  const declared = scope.get(name);
  if (parent?.kind === "stage" && parent.call === node) {
    return meaningOfCallee(node, scope);
  }
  if (declared) return declared;
  if (known.has(name)) return meanings.quantity;
  if (known.size > 0 && documentation("metric", name)) return meanings.quantity;
  return callableKinds.some((kind) => documentation(kind, name)) ? meanings.callable : undefined;
}

/** Whatever is called by a name with a capital is no function. */
function meaningOfCallee({ name }: Pick<Identifier, "name">, scope: Scope): Meaning {
  const declared = scope.get(name);
  if (declared?.type === "function") return declared;
  return /^\p{Lu}/u.test(name) ? meanings.callable : meanings.function;
}

const callableKinds: readonly CallableKind[] = ["layer", "loss", "optimizer", "initializer", "dataset"];
