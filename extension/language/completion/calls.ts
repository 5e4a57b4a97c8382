// The call around the cursor → what is called and what it takes, for completion and signature help alike.

import type { CallableDoc, CallableKind } from "../../../engine/protocol/catalog";
import type { Analysis } from "../analyze";
import type { Declaration } from "../ast";
import { isAttribute, type NetworkNames } from "../navigation/names";
import { formulaFunctions, subjectOf, type Visible } from "../navigation/occurrences";
import { type Active, activeArgument, docOfCall, type Parameters, parametersOf } from "./arguments";
import { inputNames } from "./callables";
import type { CallAt, Cursor } from "./cursor";
import { settingOf } from "./settings";

export interface CalledAt {
  readonly call: CallAt;
  readonly target:
    | { readonly kind: "catalog"; readonly doc: CallableDoc }
    | { readonly kind: "network"; readonly names: NetworkNames }
    /** `grad`, `jacobian` */
    | { readonly kind: "formula"; readonly name: string };
  readonly parameters: Parameters;
  readonly active: Active;
}

/** Undefined when it is not known what is called. */
export function calledAt(analysis: Analysis, visible: Visible, { call, declaration }: Cursor): CalledAt | undefined {
  if (call === undefined || declaration === undefined) return undefined;
  if (call.head !== undefined) {
    const names = subjectOf(visible, declaration);
    if (names === undefined) return undefined;
    const docs = parametersOf(names, sourceOf(analysis, visible, names), { inputs: call.head === "check" });
    return called(call, { kind: "network", names }, { inputs: [], arguments: docs, onlyNamed: false }, () => false);
  }
  const inFormula = declaration.kind === "train" || declaration.kind === "check";
  if (inFormula && formulaFunctions.has(call.callee)) {
    const inputs = call.callee === "grad" ? ["v"] : ["y", "x"];
    return called(call, { kind: "formula", name: call.callee }, { inputs, arguments: [], onlyNamed: true }, () => true);
  }
  const own = visible.callable(call.callee);
  if (own?.declaration.kind === "block") {
    const docs = parametersOf(own, sourceOf(analysis, visible, own), { inputs: true });
    const count = own.declaration.inputs.filter((input) => !isAttribute(input)).length;
    return called(
      call,
      { kind: "network", names: own },
      { inputs: [], arguments: docs.slice(call.piped ? count : 0), onlyNamed: false },
      () => false,
    );
  }
  const doc = docOfCall(call.callee, kindsIn(declaration, analysis.text, call));
  if (doc === undefined) return undefined;
  const inputs = call.piped ? [] : inputNames(doc);
  const scope = visible.own.bodies.get(declaration);
  const isInput = (position: number): boolean => position === 0 || !isConstantText(call.before[position] ?? "", scope);
  const isFunction = doc.kind === "function";
  return called(call, { kind: "catalog", doc }, { inputs, arguments: doc.arguments, onlyNamed: isFunction }, isInput);
}

function called(
  call: CallAt,
  target: CalledAt["target"],
  parameters: Parameters,
  isInput: (position: number) => boolean,
): CalledAt {
  return { call, target, parameters, active: activeArgument(call, parameters, isInput) };
}

/** How many of the documented arguments are given by position. */
export function positionalCount({ call, parameters, active }: CalledAt): number {
  if (parameters.onlyNamed) return 0;
  const written = call.names.slice(0, -1).findIndex((name) => name !== undefined);
  const positional = written < 0 ? call.names.length - 1 : written;
  if (parameters.inputs.length === 0) return positional;
  const at = active.kind === "argument" ? parameters.arguments.indexOf(active.doc) : -1;
  return call.names.at(-1) === undefined && at >= 0 ? at : 0;
}

/** The kinds of the catalog that a name followed by parentheses can mean. */
function kindsIn(declaration: Declaration, text: string, { calleeRange }: CallAt): readonly CallableKind[] {
  if (declaration.kind === "data") return ["dataset"];
  if (declaration.kind !== "train" && declaration.kind !== "check") return ["layer", "function", "initializer"];
  const keys = [...text.slice(declaration.range.start, calleeRange.start).matchAll(/([\p{L}_]+)\s*:/gu)];
  const key = keys.at(-1)?.[1] ?? "";
  const takes = settingOf(declaration.kind, key)?.takes;
  return [...(takes ? [takes] : []), "function", "loss", "optimizer", "initializer"];
}

/** Numbers, texts and attributes: what cannot be an input. */
function isConstantText(written: string, scope: NetworkNames | undefined): boolean {
  const names = written.match(/[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}_]*/gu) ?? [];
  return names.every((name) => name === "true" || name === "false" || scope?.attributes.has(name.normalize("NFC")));
}

/** The text that a network stands in, which may be another file's. */
function sourceOf(analysis: Analysis, visible: Visible, { symbol }: NetworkNames): string {
  return symbol === undefined ? analysis.text : visible.textOf(symbol.path);
}
