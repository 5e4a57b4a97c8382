// Fixes for checks: numbers of another shape than what they are for, and entries that are missing.

import type { Diagnostic, Fix } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { Argument, CheckDeclaration, Entry, GivenStatement, SourceFile } from "../ast";
import { isImported, NetworkView } from "./network-view";
import { declareInput, declareSize, literalShape, setWidth } from "./sizes";
import { insertion, sameRange } from "./source-edits";
import type { World } from "./world";

export function fixInputShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const check = checkAt(range, world);
  if (check === undefined) return [];
  const { declaration, view } = check;
  const inputs = view.network.values.filter(({ source }) => source.kind === "input");
  const position = declaration.subject.arguments.findIndex(({ value }) => sameRange(value.range, range));
  const { name, value: literal } = declaration.subject.arguments[position]!;
  const input = name === undefined ? inputs[position] : inputs.find(({ id }) => id === name.name);
  if (literal.kind !== "list" || input?.shape === undefined) return [];
  const given = literalShape(literal);
  // Of more dimensions than the input has, the first one is the batch.
  const sample = given.length > input.shape.length ? given.slice(1) : given;
  return [declareInput(world.file, view.network, input, sample)];
}

/** Of a layer its outputs, of a `param` the declaration. */
export function fixGivenShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const check = checkAt(range, world);
  const statement = check?.declaration.statements.find(
    (line): line is GivenStatement => line.kind === "given" && sameRange(line.value.range, range),
  );
  if (check === undefined || statement?.value.kind !== "list") return [];
  const { view } = check;
  const { target, value } = statement;
  const parameter = view.network.parameters.find(({ id }) => id === world.edits.textOf(target.range));
  const given = literalShape(value);
  if (parameter === undefined || given.length !== parameter.shape.length) return [];
  const differing = given.flatMap((size, axis) => (size === parameter.shape[axis] ? [] : [axis]));
  const [axis] = differing;
  if (axis === undefined || differing.length > 1) return [];
  const owner = view.get(target.kind === "member" ? world.edits.textOf(target.object.range) : parameter.id);
  if (owner === undefined) return [];
  if (owner.source.kind === "parameter") return [declareSize(world.file, world.edits, owner, axis, given[axis]!)];
  return axis === given.length - 1 ? [setWidth(world.edits, view, owner, given[axis]!)] : [];
}

/** Gives the output as many numbers as each target has. */
export function fixTargetShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const check = checkAt(range, world);
  const output = check?.view.output;
  const entry = check?.declaration.statements.find(
    (line): line is Entry => line.kind === "entry" && sameRange(line.value.range, range),
  );
  if (check === undefined || entry?.value.kind !== "list" || output?.shape?.length !== 1) return [];
  const samples = samplesOf(check);
  const given = literalShape(entry.value);
  const [size] = samples === undefined ? given : given[0] === samples ? given.slice(1) : [];
  return size === undefined || given.length !== (samples === undefined ? 1 : 2)
    ? []
    : [setWidth(world.edits, check.view, output, size)];
}

/** A line at the beginning of the check around a place. */
export function addToCheck({ range }: Diagnostic, { file, edits }: World, line: string): Fix | undefined {
  const check = checkAround(range, file);
  if (check === undefined) return undefined;
  const { subject } = check;
  const head = subject.kind === "after" ? subject.training : (subject.arguments.at(-1) ?? subject.network);
  const brace = edits.text.indexOf("{", head.range.end);
  if (brace < 0 || brace >= check.range.end) return undefined;
  const oneLine = !/[\r\n]/.test(edits.text.slice(brace, check.range.end));
  const newText = oneLine ? ` ${line}` : `\n  ${line}`;
  return { title: `Add ${line}`, edits: [insertion(brace + 1, newText)] };
}

interface CheckParts {
  readonly declaration: CheckDeclaration & { readonly subject: { readonly kind: "on" } };
  readonly view: NetworkView;
}

/** The check that has an error at a place, of a network of this file that it gives no attributes. */
function checkAt(range: Range, { file, module }: World): CheckParts | undefined {
  const declaration = checkAround(range, file);
  if (declaration?.subject.kind !== "on") return undefined;
  const { subject } = declaration;
  const network = module.networks.find(({ name }) => name === subject.network.name);
  if (network === undefined || isImported(network)) return undefined;
  const isAttribute = (given: Argument) => network.attributes.some(({ name }) => name === given.name?.name);
  if (subject.arguments.some(isAttribute)) return undefined;
  return { declaration: { ...declaration, subject }, view: new NetworkView(network) };
}

/** How many samples a check gives; undefined when it is a single one, without the dimension of the batch. */
function samplesOf({ declaration, view }: CheckParts): number | undefined {
  const input = view.network.values.find(({ source }) => source.kind === "input");
  const [first] = declaration.subject.arguments;
  const given = first === undefined ? [] : literalShape(first.value);
  return given.length > (input?.shape?.length ?? 0) ? given[0] : undefined;
}

function checkAround(range: Range, { declarations }: SourceFile): CheckDeclaration | undefined {
  return declarations.find(
    (candidate): candidate is CheckDeclaration =>
      candidate.kind === "check" && candidate.range.start <= range.start && range.end <= candidate.range.end,
  );
}
