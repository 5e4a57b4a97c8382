// Places in the syntax tree of values and declarations, and the edits that change them. Every function gives undefined
// where the text is not of the form that it knows how to change.

import { documentation, inputCount } from "../../../engine/model/catalog";
import type { Fix, TextEdit } from "../../../engine/protocol/diagnostic";
import type { Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  BinaryExpression,
  CallExpression,
  DataDeclaration,
  Entry,
  Expression,
  NameExpression,
  NetworkDeclaration,
  PipelineExpression,
  SourceFile,
  Stage,
  TrainDeclaration,
} from "../ast";
import { walk } from "../syntax-tree";
import { argumentAdded, argumentNamed } from "../written-arguments";

interface StagePlace {
  readonly pipeline: PipelineExpression;
  readonly index: number;
  readonly stage: Stage;
}

export class SourceEdits {
  private stages: Map<string, StagePlace> | undefined;
  private calls: Map<string, CallExpression> | undefined;
  private binaries: Map<string, BinaryExpression> | undefined;

  constructor(
    readonly text: string,
    private readonly file: SourceFile,
  ) {}

  // Declarations, by the range of their name.

  network(nameRange: Range): NetworkDeclaration | undefined {
    return this.file.declarations.find(
      (declaration) => declaration.kind === "network" && sameRange(declaration.name.range, nameRange),
    ) as NetworkDeclaration | undefined;
  }

  data(nameRange: Range): DataDeclaration | undefined {
    return this.file.declarations.find(
      (declaration) => declaration.kind === "data" && sameRange(declaration.name.range, nameRange),
    ) as DataDeclaration | undefined;
  }

  training(nameRange: Range): TrainDeclaration | undefined {
    return this.file.declarations.find(
      (declaration) =>
        declaration.kind === "train" && sameRange((declaration.alias ?? declaration.network).range, nameRange),
    ) as TrainDeclaration | undefined;
  }

  /** The value of a training's entry: `0.01` of `rate: 0.01`. */
  entry(training: TrainDeclaration | undefined, key: string): Expression | undefined {
    return training?.entries.find((entry: Entry) => entry.key.name === key)?.value;
  }

  // Values.

  stage(range: Range): StagePlace | undefined {
    this.index();
    return this.stages!.get(keyOf(range));
  }

  call(range: Range): CallExpression | undefined {
    this.index();
    return this.calls!.get(keyOf(range));
  }

  binary(range: Range): BinaryExpression | undefined {
    this.index();
    return this.binaries!.get(keyOf(range));
  }

  /** `-> Layer` behind what the network returns first. */
  append(nameRange: Range, layer: string): Fix | undefined {
    const statement = this.network(nameRange)?.body.find(({ kind }) => kind === "return");
    const output = statement?.kind === "return" ? statement.outputs[0]?.value : undefined;
    if (output === undefined || output.kind === "missing" || output.kind === "tuple") return undefined;
    const last = output.kind === "pipeline" ? output.stages.at(-1)! : undefined;
    const lead = last && this.isFirstOnLine(last.range.start) ? this.lineStart(last.range.start) : " ";
    // Behind a comment of the same line when the new stage gets a line of its own.
    const rest = /^[ \t]*#[^\r\n]*/.exec(this.text.slice(output.range.end))?.[0] ?? "";
    const at = output.range.end + (lead === " " ? 0 : rest.length);
    return { title: `Append -> ${layer}`, edits: [insertion(at, `${lead}-> ${layer}`)] };
  }

  /** `-> Layer` before the stage or call at a place. */
  insertBefore(range: Range, layer: string): Fix | undefined {
    const title = `Insert -> ${layer}`;
    const place = this.stage(range);
    if (place === undefined) {
      const argument = this.call(range)?.arguments[0];
      if (argument === undefined || argument.name !== undefined || argument.value.kind === "pipeline") return undefined;
      const { start, end } = argument.value.range;
      return { title, edits: [insertion(start, `${layer}(`), insertion(end, ")")] };
    }
    const { pipeline, index, stage } = place;
    if (stage.repeat !== undefined) return undefined;
    const before = index === 0 ? pipeline.source : pipeline.stages[index - 1]!;
    if (before.kind === "tuple" || before.kind === "missing") return undefined;
    return { title, edits: [insertion(before.range.end, ` -> ${layer}`)] };
  }

  /** The value without its layer: what came in goes on. */
  remove(value: Value): Fix | undefined {
    const place = this.stage(value.range);
    if (place === undefined) {
      const call = this.call(value.range);
      const [argument] = call?.arguments ?? [];
      if (call === undefined || argument === undefined || argument.name !== undefined) return undefined;
      const inner = this.textOf(argument.value.range);
      const newText = argument.value.kind === "name" || argument.value.kind === "call" ? inner : `(${inner})`;
      return { title: `Remove ${call.callee.name}`, edits: [{ range: call.range, newText }] };
    }
    const { stage } = place;
    if (stage.alias !== undefined || stage.repeat !== undefined) return undefined;
    const { start, end } = stage.range;
    const title = `Remove ${this.textOf(stage.call.range)}`;
    const lineGoesOn = /^[ \t]*[^ \t\r\n#]/.test(this.text.slice(end));
    if (this.isFirstOnLine(start) && lineGoesOn) {
      const spaces = /^[ \t]*/.exec(this.text.slice(end))![0].length;
      return { title, edits: [{ range: { start, end: end + spaces }, newText: "" }] };
    }
    const blank = /\s*$/.exec(this.text.slice(0, start))![0].length;
    return { title, edits: [{ range: { start: start - blank, end }, newText: "" }] };
  }

  /** Another layer in place of the one that gives the value. */
  replace(value: Value, layer: string): Fix | undefined {
    const { source } = value;
    const written = source.kind === "layer" ? source.layer : source.kind === "operation" ? source.function : undefined;
    const call = this.stage(value.range)?.stage.call ?? this.call(value.range);
    const callee = call?.kind === "call" ? call.callee : call?.kind === "name" ? call : undefined;
    if (callee === undefined || callee.name !== written) return undefined;
    return { title: `Change to ${layer}`, edits: [{ range: callee.range, newText: layer }] };
  }

  /** Gives an argument of the layer that gives the value another value. */
  setArgument(value: Value, name: string, newText: string): Fix | undefined {
    if (value.source.kind !== "layer") return undefined;
    const { layer } = value.source;
    const place = this.stage(value.range);
    const call = place?.stage.call ?? this.call(value.range);
    const title = `Change ${name} of ${value.name ?? layer} to ${newText}`;
    if (call?.kind !== "call" && call?.kind !== "name") return undefined;
    if ((call.kind === "call" ? call.callee.name : call.name) !== layer) return undefined;
    const inputs = place === undefined ? (inputCount("layer", layer)?.min ?? 1) : 0;
    const written = call.kind === "call" ? call.arguments.slice(inputs) : [];
    const edit = this.argumentEdit(call, written, documentation("layer", layer)!, name, newText);
    return edit && { title, edits: [edit] };
  }

  /** Gives an argument of a call of the catalog another value. */
  setCallArgument(
    expression: Expression,
    docs: { readonly arguments: readonly { readonly name: string }[] },
    name: string,
    newText: string,
  ): Fix | undefined {
    const title = `Change ${name} to ${newText}`;
    if (expression.kind !== "call" && expression.kind !== "name") return undefined;
    const written = expression.kind === "call" ? expression.arguments : [];
    const edit = this.argumentEdit(expression, written, docs, name, newText);
    return edit && { title, edits: [edit] };
  }

  textOf({ start, end }: Range): string {
    return this.text.slice(start, end);
  }

  private argumentEdit(
    call: CallExpression | NameExpression,
    written: readonly Argument[],
    docs: { readonly arguments: readonly { readonly name: string }[] },
    name: string,
    newText: string,
  ): TextEdit | undefined {
    const argument = argumentNamed(written, docs.arguments, name);
    if (argument !== undefined) return { range: argument.value.range, newText };
    return argumentAdded(this.text, call, `${name}: ${newText}`);
  }

  private isFirstOnLine(offset: number): boolean {
    return /(^|[\r\n])[ \t]*$/.test(this.text.slice(Math.max(0, offset - longestIndent), offset));
  }

  /** The line break and white space that a line begins with. */
  private lineStart(offset: number): string {
    return /(\r\n|\r|\n)[ \t]*$/.exec(this.text.slice(Math.max(0, offset - longestIndent), offset))?.[0] ?? "\n";
  }

  private index(): void {
    if (this.stages !== undefined) return;
    const stages = new Map<string, StagePlace>();
    const calls = new Map<string, CallExpression>();
    const binaries = new Map<string, BinaryExpression>();
    walk(this.file, (node) => {
      if (node.kind === "binary") binaries.set(keyOf(node.range), node);
      if (node.kind === "call") calls.set(keyOf(node.range), node);
      if (node.kind !== "pipeline") return;
      for (const [index, stage] of node.stages.entries()) {
        stages.set(keyOf(stage.call.range), { pipeline: node, index, stage });
      }
    });
    this.stages = stages;
    this.calls = calls;
    this.binaries = binaries;
  }
}

const longestIndent = 500;

export function insertion(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

export function sameRange(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}

function keyOf({ start, end }: Range): string {
  return `${start} ${end}`;
}
