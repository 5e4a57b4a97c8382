// Text and cursor → the call around it: what it takes, and which of it is being written. What is piped in is no parameter.

import type { ArgumentDoc } from "../../engine/protocol/catalog";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";
import { type CompletionEnvironment, visibleIn } from "./completion";
import { argumentDetail } from "./completion/callables";
import { type CalledAt, calledAt } from "./completion/calls";
import { readCursor } from "./completion/cursor";
import { callableBody, formatValue } from "./hover/callable";
import { escapeMarkdown } from "./markdown";

export interface Signature {
  /** `Dense(units, bias: true)` */
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  readonly parameters: readonly SignatureParameter[];
  /** Index of the parameter at the cursor; undefined when it is none of them. */
  readonly active: number | undefined;
}

export interface SignatureParameter {
  /** Its place in the label. */
  readonly range: Range;
  /** Markdown. */
  readonly documentation: string;
}

export function signatureAt(
  analysis: Analysis,
  offset: number,
  environment: Pick<CompletionEnvironment, "project" | "path"> = {},
): Signature | undefined {
  const cursor = readCursor(analysis.text, analysis.file, offset, { inNumbers: true });
  const called = cursor && calledAt(analysis, visibleIn(analysis, environment), cursor);
  return called && signatureOf(called);
}

function signatureOf(called: CalledAt): Signature {
  const { target, parameters, active } = called;
  const parts = [
    ...parameters.inputs.map((name, index) => ({ text: name, documentation: inputText(target, index) })),
    ...parameters.arguments.map((doc) => ({
      text: argumentText(doc, parameters.onlyNamed),
      documentation: describe(doc),
    })),
  ];
  let label = `${called.call.callee}(`;
  const described = parts.map(({ text, documentation }, index): SignatureParameter => {
    if (index > 0) label += ", ";
    const start = label.length;
    label += text;
    return { range: { start, end: label.length }, documentation };
  });
  return {
    label: `${label})`,
    documentation: documentationOf(target),
    parameters: described,
    active: indexOf(called, active),
  };
}

function indexOf({ parameters }: CalledAt, active: CalledAt["active"]): number | undefined {
  if (active.kind === "none") return undefined;
  if (active.kind === "input") return active.index;
  return parameters.inputs.length + parameters.arguments.indexOf(active.doc);
}

/** As the language's reference writes them: `units`, `bias: true`, `init:`. */
function argumentText({ name, default: value, optional }: ArgumentDoc, onlyNamed: boolean): string {
  if (value !== undefined) return `${name}: ${formatValue(value)}`;
  return optional || onlyNamed ? `${name}:` : name;
}

function describe(doc: ArgumentDoc): string {
  return `${doc.summary}\n\n${escapeMarkdown(argumentDetail(doc))}`;
}

function inputText(target: CalledAt["target"], index: number): string {
  if (target.kind !== "formula") return "A value; a pipe gives it without being written here.";
  if (target.name === "grad") return "The value, parameter or input to differentiate by.";
  return index === 0 ? "The value that is differentiated." : "The value to differentiate by.";
}

function documentationOf(target: CalledAt["target"]): string {
  switch (target.kind) {
    case "catalog": {
      const [summary, ...rest] = callableBody({ ...target.doc, arguments: [], source: "", gradient: "" });
      return [summary, ...rest].join("\n\n");
    }
    case "network":
      return escapeMarkdown(target.names.declaration.documentation);
    case "formula":
      return target.name === "grad"
        ? "The gradient of the loss; without a loss, of the summed output or of `upstream`."
        : "All derivatives of one value by another, for one sample.";
    default:
      return target satisfies never;
  }
}
