// A file of a project → every place where a name of its user stands, and what it stands for there. Follows the scopes of
// the language and nothing else: what is wrong with a text in other ways does not matter.

import { documentation, isPlanned } from "../../../engine/model/catalog";
import type { ArgumentDoc, CallableDoc } from "../../../engine/protocol/catalog";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  CheckDeclaration,
  Declaration,
  Entry,
  Expression,
  Identifier,
  MemberExpression,
  PipelineExpression,
  Statement,
  TrainDeclaration,
} from "../ast";
import { type AttributeScope, isConstant } from "../lower/constants";
import { type FileNames, type NameSymbol, type NetworkNames, namesIn, symbolOf, trainingName, weightOf } from "./names";
import type { Project, ProjectFile } from "./project";

export interface Occurrence {
  readonly range: Range;
  readonly symbol: NameSymbol;
  /** Whether the name is given here, not only used. */
  readonly defines: boolean;
}

/** Ordered by place. */
export function occurrencesIn(project: Project, file: ProjectFile): readonly Occurrence[] {
  return new Binding(new Visible(project, file)).occurrences();
}

/** What the names of declarations mean in a file: its own ones first, then those of the files it imports. */
export class Visible {
  readonly own: FileNames;
  private readonly others: readonly FileNames[];

  constructor(
    private readonly project: Project,
    readonly file: ProjectFile,
  ) {
    this.own = namesIn(file);
    this.others = importedFiles(project, file).map(namesIn);
  }

  callable(name: string): NetworkNames | undefined {
    return this.first(({ callables }) => callables.get(name));
  }

  *callables(): Iterable<NetworkNames> {
    for (const { callables } of [this.own, ...this.others]) yield* callables.values();
  }

  data(name: string): NameSymbol | undefined {
    return this.first(({ data }) => data.get(name));
  }

  *dataSets(): Iterable<NameSymbol> {
    for (const { data } of [this.own, ...this.others]) yield* data.values();
  }

  /** A training without a name of its own has its network's. */
  training(name: string): { readonly symbol: NameSymbol; readonly declaration: TrainDeclaration } | undefined {
    const declaration = this.own.trainings.get(name);
    if (declaration === undefined) return undefined;
    const network = declaration.alias ? undefined : this.callable(name)?.symbol;
    const given = trainingName(declaration);
    return { symbol: network ?? symbolOf(this.file.path, "training", given, declaration), declaration };
  }

  /** The block whose instance a name of a network is; its inner names stand behind a dot. */
  blockBehind(network: NetworkNames, name: string): NetworkNames | undefined {
    const maker = network.makers.get(name);
    if (maker === undefined) return undefined;
    const file = this.project.file(network.path);
    const around = file && file.path !== this.file.path ? new Visible(this.project, file) : this;
    const block = around.callable(maker);
    if (block?.declaration.kind === "block") return block;
    // A shared layer may be a block: whatever it is applied to, it makes an instance of that.
    const isShared = network.names.get(maker)?.kind === "layer" && network.names.get(name)?.kind !== "layer";
    return isShared ? around.blockBehind(network, maker) : undefined;
  }

  /** The text of a file that a symbol comes from. */
  textOf(path: string): string {
    return this.project.file(path)?.text ?? this.file.text;
  }

  private first<T>(read: (names: FileNames) => T | undefined): T | undefined {
    for (const names of [this.own, ...this.others]) {
      const found = read(names);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Those whose names a file sees: the ones it imports itself, in their order. */
export function importedFiles(project: Project, file: ProjectFile): ProjectFile[] {
  return file.tree.declarations.flatMap((declaration) => {
    const found = declaration.kind === "import" ? project.imported(file.path, declaration.path.value) : undefined;
    return found && found.path !== file.path ? [found] : [];
  });
}

/** The network that a train or check is about. */
export function subjectOf(visible: Visible, declaration: Declaration): NetworkNames | undefined {
  if (declaration.kind === "train") return visible.callable(declaration.network.name);
  if (declaration.kind !== "check") return undefined;
  if (declaration.subject.kind === "on") return visible.callable(declaration.subject.network.name);
  const training = visible.training(declaration.subject.training.name);
  return training && visible.callable(training.declaration.network.name);
}

/** What an expression names, and the network that gives it the name. */
interface Named {
  readonly symbol: NameSymbol;
  readonly around: NetworkNames | undefined;
}

/** What names mean around an expression. */
interface Scope {
  readonly network: NetworkNames | undefined;
  readonly names: ReadonlyMap<string, NameSymbol>;
  readonly attributes: AttributeScope;
  callee(name: string): NameSymbol | undefined;
  /** Whether `as` gives a name here. */
  readonly binds: boolean;
}

class Binding {
  private readonly found: Occurrence[] = [];

  constructor(private readonly visible: Visible) {}

  occurrences(): readonly Occurrence[] {
    for (const declaration of this.visible.file.tree.declarations) this.declaration(declaration);
    return this.found.sort((a, b) => a.range.start - b.range.start);
  }

  private note({ name, range }: Identifier, symbol: NameSymbol | undefined, options?: { defines: boolean }): void {
    if (name !== "" && symbol !== undefined) this.found.push({ range, symbol, defines: options?.defines ?? false });
  }

  private declaration(declaration: Declaration): void {
    const { visible } = this;
    switch (declaration.kind) {
      case "import":
        return;
      case "data":
        this.note(declaration.name, visible.own.data.get(declaration.name.name), { defines: true });
        return;
      case "network":
      case "block":
        this.network(visible.own.bodies.get(declaration)!);
        return;
      case "train":
        this.train(declaration);
        return;
      case "check":
        this.check(declaration);
        return;
      default:
        declaration satisfies never;
    }
  }

  private network(network: NetworkNames): void {
    const { declaration, symbol, names } = network;
    const scope = this.networkScope(network);
    this.note(declaration.name, symbol, { defines: true });
    for (const { name, annotation, default: value } of declaration.inputs) {
      this.note(name, names.get(name.name), { defines: true });
      if (annotation.kind === "shape") for (const size of annotation.dimensions) this.expression(size, scope);
      if (value) this.expression(value, scope);
    }
    for (const statement of declaration.body) this.statement(statement, scope);
  }

  private statement(statement: Statement, scope: Scope): void {
    if (statement.kind === "return") {
      for (const { name, value } of statement.outputs) {
        if (name)
          this.note(name, scope.names.get(name.name), { defines: scope.names.get(name.name)?.kind === "output" });
        this.expression(value, scope);
      }
      return;
    }
    this.note(statement.name, scope.names.get(statement.name.name), { defines: true });
    switch (statement.kind) {
      case "binding":
        this.expression(statement.value, scope);
        return;
      case "parameter":
        for (const size of statement.shape?.dimensions ?? []) this.expression(size, scope);
        if (statement.initializer) this.ofCatalog(statement.initializer, scope);
        return;
      case "layer":
        this.sharedLayer(statement.layer, scope);
        return;
      default:
        statement satisfies never;
    }
  }

  private train(declaration: TrainDeclaration): void {
    const { network, arguments: written, data, alias, entries } = declaration;
    const { visible } = this;
    const callable = visible.callable(network.name);
    if (alias) this.note(alias, visible.training(alias.name)?.symbol, { defines: true });
    const named = callable?.symbol ?? (alias ? undefined : visible.training(network.name)?.symbol);
    this.note(network, named, { defines: callable === undefined });
    this.argumentNames(written, callable);
    this.note(data, visible.data(data.name));
    const scope = this.formulaScope(callable);
    for (const entry of entries) this.entry(entry, scope);
  }

  private check({ subject, statements }: CheckDeclaration): void {
    const { visible } = this;
    let callable: NetworkNames | undefined;
    if (subject.kind === "on") {
      callable = visible.callable(subject.network.name);
      this.note(subject.network, callable?.symbol);
      this.argumentNames(subject.arguments, callable);
    } else {
      const training = visible.training(subject.training.name);
      callable = training && visible.callable(training.declaration.network.name);
      this.note(subject.training, training?.symbol);
    }
    const scope = this.formulaScope(callable);
    for (const statement of statements) {
      if (statement.kind === "entry") this.entry(statement, scope);
      if (statement.kind === "expect") this.expression(statement.condition, scope);
      if (statement.kind === "given") {
        this.expression(statement.target, scope);
        this.expression(statement.value, scope);
      }
    }
  }

  /** Most settings name entries of the catalog; a loss may be an expression, and validation may name a data set. */
  private entry({ key, value }: Entry, scope: Scope): void {
    if (key.name === "validation" && value.kind === "name") this.note(named(value), this.visible.data(value.name));
    if (key.name !== "loss") return;
    const callee = value.kind === "name" ? value.name : value.kind === "call" ? value.callee.name : "";
    if (documentation("loss", callee) === undefined) this.expression(value, scope);
  }

  // Scopes.

  private networkScope(network: NetworkNames): Scope {
    const { names, attributes } = network;
    return {
      network,
      names,
      attributes: attributeScope(attributes),
      binds: true,
      callee: (name) => {
        const callable = this.visible.callable(name);
        if (callable?.declaration.kind === "block") return callable.symbol;
        const own = names.get(name);
        if (own?.kind === "layer") return own;
        return isOfCatalog(name) ? undefined : (callable?.symbol ?? own);
      },
    };
  }

  private formulaScope(network: NetworkNames | undefined): Scope {
    const names = network?.names ?? new Map<string, NameSymbol>();
    return {
      network,
      names,
      attributes: attributeScope(network?.attributes ?? new Set()),
      binds: false,
      callee: (name) =>
        formulaFunctions.has(name) || isOfCatalog(name)
          ? undefined
          : (names.get(name) ?? this.visible.callable(name)?.symbol),
    };
  }

  // Expressions.

  /** Gives what the expression itself names, if it is a name or a member. */
  private expression(expression: Expression, scope: Scope): Named | undefined {
    switch (expression.kind) {
      case "missing":
      case "number":
      case "string":
      case "boolean":
        return undefined;
      case "name": {
        const symbol = scope.names.get(expression.name);
        this.note(named(expression), symbol);
        return symbol && { symbol, around: scope.network };
      }
      case "member":
        return this.member(expression, scope);
      case "list":
      case "tuple":
        for (const element of expression.elements) this.expression(element, scope);
        return undefined;
      case "call":
        this.call(expression.callee, expression.arguments, scope, { piped: false });
        return undefined;
      case "index":
        this.expression(expression.object, scope);
        for (const item of expression.indices) {
          const parts = item.kind === "at" ? [item.index] : [item.start, item.end];
          for (const part of parts) if (part) this.expression(part, scope);
        }
        return undefined;
      case "unary":
        this.expression(expression.operand, scope);
        return undefined;
      case "binary":
        this.expression(expression.left, scope);
        this.expression(expression.right, scope);
        return undefined;
      case "pipeline":
        this.pipeline(expression, scope);
        return undefined;
      default:
        return expression satisfies never;
    }
  }

  /** A name inside an instance of a block is that of the block; anything else is a weight. */
  private member({ object, property }: MemberExpression, scope: Scope): Named | undefined {
    const owner = this.expression(object, scope);
    const { name } = property;
    if (owner === undefined || name === "" || name === "T") return undefined;
    const block = owner.around && this.visible.blockBehind(owner.around, owner.symbol.name);
    const inner = block?.names.get(name);
    const isInside = inner !== undefined && inner.kind !== "attribute";
    const found = isInside
      ? { symbol: inner, around: block }
      : { symbol: weightOf(owner.symbol, name), around: undefined };
    this.note(property, found.symbol);
    return found;
  }

  private pipeline({ source, stages }: PipelineExpression, scope: Scope): void {
    this.expression(source, scope);
    for (const { call, repeat, alias } of stages) {
      if (call.kind === "call") this.call(call.callee, call.arguments, scope, { piped: true });
      if (call.kind === "name") this.note(named(call), scope.callee(call.name));
      if (repeat) this.expression(repeat, scope);
      if (alias && scope.binds) this.note(alias, scope.names.get(alias.name), { defines: true });
    }
  }

  private call(callee: Identifier, written: readonly Argument[], scope: Scope, { piped }: { piped: boolean }): void {
    const symbol = scope.callee(callee.name);
    this.note(callee, symbol);
    if (symbol !== undefined) {
      this.argumentNames(written, this.visible.callable(callee.name));
      for (const { value } of written) this.expression(value, scope);
      return;
    }
    const doc = ofCatalog(callee.name);
    const docs = doc ? argumentDocs(doc, written, { piped, attributes: scope.attributes }) : [];
    for (const [position, { value }] of written.entries()) this.argument(value, docs[position], scope);
  }

  private argument(value: Expression, doc: ArgumentDoc | undefined, scope: Scope): void {
    const isChoice = doc?.type.kind === "choice" && value.kind === "name" && !scope.attributes.values.has(value.name);
    if (doc?.type.kind === "initializer") this.ofCatalog(value, scope);
    else if (!isChoice) this.expression(value, scope);
  }

  /** An initializer: its name is one of the catalog's, unless an attribute has it. */
  private ofCatalog(value: Expression, scope: Scope): void {
    if (value.kind === "call") for (const argument of value.arguments) this.expression(argument.value, scope);
    else if (value.kind !== "name" || scope.attributes.values.has(value.name)) this.expression(value, scope);
  }

  private sharedLayer(layer: Expression, scope: Scope): void {
    if (layer.kind === "call" && documentation("layer", layer.callee.name) === undefined) {
      this.call(layer.callee, layer.arguments, scope, { piped: true });
    } else if (layer.kind === "call") {
      const docs = argumentDocs(documentation("layer", layer.callee.name)!, layer.arguments, {
        piped: true,
        attributes: scope.attributes,
      });
      for (const [position, { value }] of layer.arguments.entries()) this.argument(value, docs[position], scope);
    } else if (layer.kind === "name") {
      if (documentation("layer", layer.name) === undefined) this.note(named(layer), scope.callee(layer.name));
    } else this.expression(layer, scope);
  }

  private argumentNames(written: readonly Argument[], callable: NetworkNames | undefined): void {
    for (const { name } of written) {
      const symbol = name && callable?.names.get(name.name);
      if (symbol?.kind === "input" || symbol?.kind === "attribute") this.note(name!, symbol);
    }
  }
}

/** Functions that only the formulas of a check have. */
export const formulaFunctions: ReadonlySet<string> = new Set(["grad", "jacobian"]);

/** The layer or function of the catalog that a call means. */
export function ofCatalog(name: string): CallableDoc | undefined {
  return documentation("layer", name) ?? documentation("function", name);
}

function isOfCatalog(name: string): boolean {
  return ofCatalog(name) !== undefined || isPlanned("layer", name) || isPlanned("function", name);
}

/** Which argument of the documentation each written one is; undefined for inputs and for what does not belong there. */
export function argumentDocs(
  { kind, arguments: docs }: CallableDoc,
  written: readonly Argument[],
  { piped, attributes }: { readonly piped: boolean; readonly attributes: AttributeScope },
): readonly (ArgumentDoc | undefined)[] {
  let inputs = 0;
  if (kind === "layer" && !piped) {
    const isInput = ({ name, value }: Argument): boolean =>
      name === undefined && (inputs === 0 || !isConstant(value, attributes));
    while (written[inputs] && isInput(written[inputs]!)) inputs++;
  }
  return written.map(({ name }, position) => {
    if (name) return docs.find((doc) => doc.name === name.name);
    return kind === "function" || position < inputs ? undefined : docs[position - inputs];
  });
}

function attributeScope(attributes: ReadonlySet<string>): AttributeScope {
  return { network: "", values: new Map([...attributes].map((name) => [name, undefined])), isValue: () => false };
}

function named({ name, range }: { readonly name: string; readonly range: Range }): Identifier {
  return { kind: "identifier", name, range };
}
