// SourceFile → the names it declares: networks, blocks, data sets, trainings, and what each network binds. From the syntax
// alone, so that it holds in a text that cannot be lowered.

import type { Range } from "../../../engine/protocol/text";
import type {
  BlockDeclaration,
  Declaration,
  Expression,
  Identifier,
  InputDeclaration,
  NetworkDeclaration,
  SourceFile,
  Stage,
  Statement,
  TrainDeclaration,
} from "../ast";
import { walk } from "../syntax-tree";
import type { ProjectFile } from "./project";

export type SymbolKind =
  | "network"
  | "block"
  | "data"
  | "training"
  | "input"
  | "attribute"
  /** A binding or a stage with a name. */
  | "value"
  | "parameter"
  | "constant"
  /** A `layer` statement. */
  | "layer"
  | "output"
  /** `W` of `h1.W`; it is declared nowhere but belongs to its owner's layer. */
  | "weight";

/** What a name stands for. */
export interface NameSymbol {
  /** Equal for the same thing, whichever file is looked at. */
  readonly id: string;
  readonly kind: SymbolKind;
  readonly name: string;
  readonly path: string;
  /** Where the name is given; the owner's name for a weight. */
  readonly nameRange: Range;
  /** The statement, stage or declaration that gives it. */
  readonly range: Range;
  readonly documentation: string;
  /** The layer a weight belongs to. */
  readonly owner?: NameSymbol;
}

export type Callable = NetworkDeclaration | BlockDeclaration;

/** A network or block with everything that its parentheses and its body bind. */
export interface NetworkNames {
  readonly declaration: Callable;
  /** Undefined when it has no name. Of several with one name, all have the first one's. */
  readonly symbol: NameSymbol | undefined;
  /** In the order of the text, inputs and attributes first. */
  readonly names: ReadonlyMap<string, NameSymbol>;
  readonly attributes: ReadonlySet<string>;
  /** What is called to make the value or shared layer of a name: a layer, a block, a shared layer. */
  readonly makers: ReadonlyMap<string, string>;
  /** Of the file it stands in. */
  readonly path: string;
}

export interface FileNames {
  readonly callables: ReadonlyMap<string, NetworkNames>;
  readonly bodies: ReadonlyMap<Declaration, NetworkNames>;
  readonly data: ReadonlyMap<string, NameSymbol>;
  /** The first training of each name: that after `as`, else its network's. */
  readonly trainings: ReadonlyMap<string, TrainDeclaration>;
}

const known = new WeakMap<SourceFile, { readonly path: string; readonly names: FileNames }>();

/** Of several things with one name in one place the first counts, as in lowering. */
export function namesIn(file: ProjectFile): FileNames {
  const found = known.get(file.tree);
  if (found?.path === file.path) return found.names;
  const names = readNames(file);
  known.set(file.tree, { path: file.path, names });
  return names;
}

export function isCallable(declaration: Declaration): declaration is Callable {
  return declaration.kind === "network" || declaration.kind === "block";
}

/** The name others refer to a training by. */
export function trainingName({ alias, network }: TrainDeclaration): Identifier {
  return alias ?? network;
}

function readNames({ path, tree }: ProjectFile): FileNames {
  const callables = new Map<string, NetworkNames>();
  const bodies = new Map<Declaration, NetworkNames>();
  const data = new Map<string, NameSymbol>();
  const trainings = new Map<string, TrainDeclaration>();
  for (const declaration of tree.declarations) {
    if (isCallable(declaration)) {
      const { name, kind } = declaration;
      const symbol = callables.get(name.name)?.symbol ?? symbolOf(path, kind, name, declaration);
      const names = namesOfNetwork(path, declaration, name.name === "" ? undefined : symbol);
      bodies.set(declaration, names);
      if (name.name !== "" && !callables.has(name.name)) callables.set(name.name, names);
    } else if (declaration.kind === "data") {
      const { name } = declaration;
      if (name.name !== "" && !data.has(name.name)) data.set(name.name, symbolOf(path, "data", name, declaration));
    } else if (declaration.kind === "train") {
      const { name } = trainingName(declaration);
      if (name !== "" && !trainings.has(name)) trainings.set(name, declaration);
    }
  }
  return { callables, bodies, data, trainings };
}

function namesOfNetwork(path: string, declaration: Callable, symbol: NameSymbol | undefined): NetworkNames {
  const names = new Map<string, NameSymbol>();
  const add = (kind: SymbolKind, name: Identifier, place: Place): void => {
    if (name.name !== "" && !names.has(name.name)) names.set(name.name, symbolOf(path, kind, name, place));
  };
  for (const input of declaration.inputs) add(isAttribute(input) ? "attribute" : "input", input.name, input);
  const makers = new Map<string, string>();
  const bind = ({ kind, name, place, maker }: Bound): void => {
    if (maker !== undefined && name.name !== "" && !names.has(name.name)) makers.set(name.name, maker);
    add(kind, name, place);
  };
  const outputs: Bound[] = [];
  const bound: Bound[] = [];
  for (const statement of declaration.body) {
    const own = boundBy(statement);
    if (own) bound.push(own);
    walk(statement, (node) => {
      if (node.kind === "stage" && node.alias) {
        bound.push({ kind: "value", name: node.alias, place: node, maker: calleeOf(node.call) });
      } else if (node.kind === "output" && node.name) {
        outputs.push({ kind: "output", name: node.name, place: node, maker: makerOf(node.value) });
      }
    });
  }
  for (const item of bound.sort((a, b) => a.name.range.start - b.name.range.start)) bind(item);
  // The name of an output is one more name for a value of that name, or else a new one.
  for (const item of outputs) bind(item);
  const attributes = declaration.inputs.filter(isAttribute).map(({ name }) => name.name);
  return { declaration, symbol, names, attributes: new Set(attributes), makers, path };
}

interface Bound {
  readonly kind: SymbolKind;
  readonly name: Identifier;
  readonly place: Place;
  readonly maker: string | undefined;
}

/** What is called last to give a value. */
function makerOf(value: Expression): string | undefined {
  return value.kind === "pipeline"
    ? calleeOf(value.stages.at(-1)!.call)
    : value.kind === "call"
      ? calleeOf(value)
      : undefined;
}

function calleeOf(call: Stage["call"]): string | undefined {
  return call.kind === "call" ? call.callee.name : call.kind === "name" ? call.name : undefined;
}

function boundBy(statement: Statement): Bound | undefined {
  switch (statement.kind) {
    case "binding":
      return { kind: "value", name: statement.name, place: statement, maker: makerOf(statement.value) };
    case "parameter": {
      const kind = statement.trainable ? "parameter" : "constant";
      return { kind, name: statement.name, place: statement, maker: undefined };
    }
    case "layer": {
      const { name, layer } = statement;
      const maker = layer.kind === "name" || layer.kind === "call" ? calleeOf(layer) : undefined;
      return { kind: "layer", name, place: statement, maker };
    }
    case "return":
      return undefined;
    default:
      return statement satisfies never;
  }
}

export function isAttribute({ annotation }: InputDeclaration): boolean {
  return annotation.kind === "type";
}

interface Place {
  readonly range: Range;
  readonly documentation?: string;
}

export function symbolOf(
  path: string,
  kind: SymbolKind,
  name: Identifier,
  { range, documentation = "" }: Place,
): NameSymbol {
  return {
    id: `${path}@${name.range.start}`,
    kind,
    name: name.name,
    path,
    nameRange: name.range,
    range,
    documentation,
  };
}

export function weightOf(owner: NameSymbol, name: string): NameSymbol {
  return { ...owner, id: `${owner.id}.${name}`, kind: "weight", name, documentation: "", owner };
}
