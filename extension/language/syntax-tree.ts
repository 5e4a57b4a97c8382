// Walking the syntax tree: the children of a node in the order of the text, and the nodes at a place. Knows the shape of
// the tree and nothing of its meaning.

import type {
  Argument,
  CheckStatement,
  CheckSubject,
  Declaration,
  Expression,
  Identifier,
  IndexSlice,
  InputDeclaration,
  ReturnOutput,
  ShapeAnnotation,
  SourceFile,
  Stage,
  Statement,
} from "./ast";

export type SyntaxNode =
  | SourceFile
  | Declaration
  | Statement
  | CheckStatement
  | InputDeclaration
  | ShapeAnnotation
  | ReturnOutput
  | Expression
  | Stage
  | Argument
  | IndexSlice
  | Identifier;

/** The nodes directly inside a node, in the order of the text. */
export function children(node: SyntaxNode): SyntaxNode[] {
  switch (node.kind) {
    case "file":
      return [...node.declarations];
    case "import":
      return [node.path];
    case "data":
      return [node.name, node.source];
    case "network":
    case "block":
      return [node.name, ...node.inputs, ...node.body];
    case "train":
      return present(node.network, ...node.arguments, node.data, node.alias, ...node.entries);
    case "check":
      return [node.title, ...childrenOfSubject(node.subject), ...node.statements];
    case "input":
      return present(node.name, annotationNode(node), node.default);
    case "shape":
      return [...node.dimensions];
    case "binding":
      return [node.name, node.value];
    case "parameter":
      return present(node.name, node.shape, node.initializer);
    // A statement `layer encoder = …`.
    case "layer":
      return [node.name, node.layer];
    case "return":
      return [...node.outputs];
    case "output":
    case "argument":
      return present(node.name, node.value);
    case "entry":
      return [node.key, node.value];
    case "given":
      return [node.target, node.value];
    case "expect":
      return [node.condition];
    case "list":
    case "tuple":
      return [...node.elements];
    case "call":
      return [node.callee, ...node.arguments];
    case "member":
      return [node.object, node.property];
    case "index":
      return [node.object, ...node.indices.map((item) => (item.kind === "at" ? item.index : item))];
    case "slice":
      return present(node.start, node.end);
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "pipeline":
      return [node.source, ...node.stages];
    case "stage":
      // `repeat` and `as` come in either order.
      return present(node.call, node.repeat, node.alias).sort((a, b) => a.range.start - b.range.start);
    case "step":
    case "number":
    case "string":
    case "boolean":
    case "name":
    case "missing":
    case "identifier":
      return [];
    default:
      return node satisfies never;
  }
}

/** Calls `visit` for a node and all nodes inside it, in the order of the text; not inside those it answers "skip" for. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode, parent?: SyntaxNode) => unknown): void {
  const waiting: { node: SyntaxNode; parent?: SyntaxNode }[] = [{ node }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const parent = next.node;
    if (visit(parent, next.parent) === "skip") continue;
    for (const child of children(parent).reverse()) waiting.push({ node: child, parent });
  }
}

/** The innermost node at an offset; the file when nothing smaller is there. */
export function nodeAt(file: SourceFile, offset: number): SyntaxNode {
  const path = pathTo(file, offset);
  return path[path.length - 1]!;
}

/**
 * The nodes around an offset, from the file to the innermost. A node's end counts as inside: the cursor behind a word is
 * still at that word. Between two nodes that touch, the one that ends in a word or literal wins, else the right one.
 */
export function pathTo(file: SourceFile, offset: number): SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let inner: SyntaxNode | undefined = file;
  while (inner) {
    path.push(inner);
    const around: SyntaxNode[] = children(inner).filter(
      ({ range }) => range.start <= offset && offset <= range.end && range.start < range.end,
    );
    if (around.length > 1) {
      const paths = around.reverse().map((child) => pathAlongEdge(child, offset));
      return path.concat(paths.find((candidate) => isWord(candidate[candidate.length - 1]!)) ?? paths[0]!);
    }
    inner = around[0];
  }
  return path;
}

/** Inside a node that begins or ends at the offset, at most one child does so too. */
function pathAlongEdge(node: SyntaxNode, offset: number): SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let inner: SyntaxNode | undefined = node;
  while (inner) {
    path.push(inner);
    inner = children(inner).find(
      ({ range }) => range.start <= offset && offset <= range.end && range.start < range.end,
    );
  }
  return path;
}

const wordKinds: readonly SyntaxNode["kind"][] = ["identifier", "name", "number", "string", "boolean"];

function isWord(node: SyntaxNode): boolean {
  return wordKinds.includes(node.kind);
}

function annotationNode({ annotation }: InputDeclaration): SyntaxNode | undefined {
  if (annotation.kind === "none") return undefined;
  return annotation.kind === "type" ? annotation.type : annotation;
}

function childrenOfSubject(subject: CheckSubject): SyntaxNode[] {
  return subject.kind === "after" ? [subject.training] : [subject.network, ...subject.arguments];
}

function present(...nodes: (SyntaxNode | undefined)[]): SyntaxNode[] {
  return nodes.filter((node) => node !== undefined);
}
