// Syntax trees as text: every operation in parentheses.

import { expect } from "vitest";
import type {
  Argument,
  CheckStatement,
  Declaration,
  Expression,
  IndexItem,
  SourceFile,
  Statement,
} from "../../extension/language/ast";
import { parse } from "../../extension/language/parser";

function show(node: Expression): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "string":
      return JSON.stringify(node.value);
    case "boolean":
      return `<${node.value}>`;
    case "name":
      return node.name;
    case "missing":
      return "?";
    case "list":
      return `[${node.elements.map(show).join(", ")}]`;
    case "tuple":
      return `tuple(${node.elements.map(show).join(", ")})`;
    case "call":
      return `${node.callee.name}(${showArguments(node.arguments)})`;
    case "member":
      return `${show(node.object)}.${node.property.name || "?"}`;
    case "index":
      return `${show(node.object)}[${node.indices.map(showIndex).join(", ")}]`;
    case "unary":
      return `(-${show(node.operand)})`;
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "pipeline":
      return `{${show(node.source)}${node.stages
        .map(
          ({ call, repeat, alias }) =>
            ` -> ${show(call)}${repeat ? ` repeat ${show(repeat)}` : ""}${alias ? ` as ${alias.name || "?"}` : ""}`,
        )
        .join("")}}`;
    default:
      return node satisfies never;
  }
}

function showArguments(list: readonly Argument[]): string {
  return list.map(({ name, value }) => (name ? `${name.name}: ` : "") + show(value)).join(", ");
}

function showIndex(item: IndexItem): string {
  if (item.kind === "at") return show(item.index);
  return `${item.start ? show(item.start) : ""}:${item.end ? show(item.end) : ""}`;
}

function showStatement(node: Statement | CheckStatement): string {
  switch (node.kind) {
    case "binding":
      return `${node.name.name || "?"} = ${show(node.value)}`;
    case "parameter":
      return `${node.trainable ? "param" : "const"} ${node.name.name || "?"}${
        node.shape ? `: [${node.shape.dimensions.map(show).join(", ")}]` : ""
      }${node.initializer ? ` = ${show(node.initializer)}` : ""}`;
    case "layer":
      return `layer ${node.name.name || "?"} = ${show(node.layer)}`;
    case "return":
      return `return ${node.outputs.map(({ name, value }) => (name ? `${name.name}: ` : "") + show(value)).join(", ")}`;
    case "entry":
      return `${node.key.name}: ${show(node.value)}`;
    case "given":
      return `given ${show(node.target)} = ${show(node.value)}`;
    case "expect":
      return `expect ${show(node.condition)}`;
    case "step":
      return "step";
    default:
      return node satisfies never;
  }
}

export function showHead(node: Declaration): string {
  switch (node.kind) {
    case "import":
      return `import ${JSON.stringify(node.path.value)}`;
    case "data":
      return `data ${node.name.name || "?"} = ${show(node.source)}`;
    case "network":
    case "block":
      return `${node.kind} ${node.name.name || "?"}(${node.inputs
        .map(({ name, annotation, default: value }) => {
          const annotated =
            annotation.kind === "none"
              ? ""
              : annotation.kind === "type"
                ? `: ${annotation.type.name || "?"}`
                : `: [${annotation.dimensions.map(show).join(", ")}]`;
          return `${name.name || "?"}${annotated}${value ? ` = ${show(value)}` : ""}`;
        })
        .join(", ")})`;
    case "train":
      return `train ${node.network.name || "?"}(${showArguments(node.arguments)}) on ${node.data.name || "?"}${
        node.alias ? ` as ${node.alias.name || "?"}` : ""
      }`;
    case "check":
      return `check ${JSON.stringify(node.title.value)} ${
        node.subject.kind === "after"
          ? `after ${node.subject.training.name || "?"}`
          : `on ${node.subject.network.name || "?"}(${showArguments(node.subject.arguments)})`
      }`;
    default:
      return node satisfies never;
  }
}

export function bodyOf(node: Declaration): string[] {
  if (node.kind === "network" || node.kind === "block") return node.body.map(showStatement);
  if (node.kind === "train") return node.entries.map(showStatement);
  return node.kind === "check" ? node.statements.map(showStatement) : [];
}

export function showFile(file: SourceFile): string[] {
  return file.declarations.flatMap((node) => [showHead(node), ...bodyOf(node).map((line) => `  ${line}`)]);
}

/** Message and marked text of every problem. */
export function problemsOf(text: string): [message: string, marked: string][] {
  return parse(text).problems.map(({ message, range }) => [message, text.slice(range.start, range.end)]);
}

export function expressionOf(text: string): string {
  const file = parse(`data D = ${text}`);
  expect(file.problems).toEqual([]);
  return showHead(file.declarations[0]!).slice("data D = ".length);
}

export function networkOf(body: string): { statements: string[]; problems: [string, string][] } {
  const text = `network A(x) {\n${body}\n}\ndata After = Xor`;
  const { declarations } = parse(text);
  expect(declarations.map(({ kind }) => kind)).toEqual(["network", "data"]);
  return { statements: bodyOf(declarations[0]!), problems: problemsOf(text) };
}
