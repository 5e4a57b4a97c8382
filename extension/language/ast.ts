// The syntax tree: what the parser gives. Every node carries the exact range of its text, comments and white space
// around it left out. A tree exists for any text; where something is missing there is a node of kind "missing".

import type { Range } from "../../engine/protocol/text";

interface Node {
  readonly range: Range;
}

export interface SourceFile extends Node {
  readonly kind: "file";
  readonly declarations: readonly Declaration[];
  readonly problems: readonly SyntaxProblem[];
  readonly comments: readonly Comment[];
}

/** Something the grammar did not expect; what is found around it is still in the tree. */
export interface SyntaxProblem extends Node {
  readonly message: string;
}

export interface Comment extends Node {
  /** Without `#` and the space after it. */
  readonly text: string;
}

export type Declaration =
  | ImportDeclaration
  | DataDeclaration
  | NetworkDeclaration
  | BlockDeclaration
  | TrainDeclaration
  | CheckDeclaration;

interface Documented extends Node {
  /** The comment lines right above it, joined by newlines; empty when there are none. */
  readonly documentation: string;
}

/** An empty name stands where one is missing. A name is in Unicode's composed form (NFC) however it is typed, so names compare as they read. */
export interface Identifier extends Node {
  readonly kind: "identifier";
  readonly name: string;
}

export interface ImportDeclaration extends Documented {
  readonly kind: "import";
  readonly path: StringLiteral;
}

export interface DataDeclaration extends Documented {
  readonly kind: "data";
  readonly name: Identifier;
  readonly source: Expression;
}

export interface NetworkDeclaration extends Documented {
  readonly kind: "network";
  readonly name: Identifier;
  readonly inputs: readonly InputDeclaration[];
  readonly body: readonly Statement[];
}

export interface BlockDeclaration extends Documented {
  readonly kind: "block";
  readonly name: Identifier;
  readonly inputs: readonly InputDeclaration[];
  readonly body: readonly Statement[];
}

/** A parameter in the parentheses of a network or block: a tensor input or an attribute. */
export interface InputDeclaration extends Node {
  readonly kind: "input";
  readonly name: Identifier;
  readonly annotation: InputAnnotation;
  readonly default?: Expression;
}

export type InputAnnotation =
  | { readonly kind: "none" }
  | ShapeAnnotation
  /** `int`, `float`, `bool`, `string`, or a type that does not exist. */
  | { readonly kind: "type"; readonly type: Identifier };

export interface ShapeAnnotation extends Node {
  readonly kind: "shape";
  readonly dimensions: readonly Expression[];
}

export type Statement = BindingStatement | ParameterStatement | LayerStatement | ReturnStatement;

/** `y = expression`; a value that nobody keeps is a binding without a name. */
export interface BindingStatement extends Documented {
  readonly kind: "binding";
  readonly name: Identifier;
  readonly value: Expression;
}

/** `param W: [2, 3] = He`, `const c = 1` */
export interface ParameterStatement extends Documented {
  readonly kind: "parameter";
  readonly trainable: boolean;
  readonly name: Identifier;
  readonly shape?: ShapeAnnotation;
  readonly initializer?: Expression;
}

/** `layer encoder = Dense(64)` */
export interface LayerStatement extends Documented {
  readonly kind: "layer";
  readonly name: Identifier;
  readonly layer: Expression;
}

export interface ReturnStatement extends Documented {
  readonly kind: "return";
  readonly outputs: readonly ReturnOutput[];
}

/** Without a name when the network returns a single value. */
export interface ReturnOutput extends Node {
  readonly kind: "output";
  readonly name?: Identifier;
  readonly value: Expression;
}

export interface TrainDeclaration extends Documented {
  readonly kind: "train";
  readonly network: Identifier;
  readonly arguments: readonly Argument[];
  readonly data: Identifier;
  readonly alias?: Identifier;
  readonly entries: readonly Entry[];
}

/** `key: value` in a train or check body. */
export interface Entry extends Node {
  readonly kind: "entry";
  readonly key: Identifier;
  readonly value: Expression;
}

export interface CheckDeclaration extends Documented {
  readonly kind: "check";
  readonly title: StringLiteral;
  readonly subject: CheckSubject;
  readonly statements: readonly CheckStatement[];
}

export type CheckSubject =
  | { readonly kind: "on"; readonly network: Identifier; readonly arguments: readonly Argument[] }
  | { readonly kind: "after"; readonly training: Identifier };

export type CheckStatement = Entry | GivenStatement | ExpectStatement | StepStatement;

/** `given h1.W = [[…]]` */
export interface GivenStatement extends Node {
  readonly kind: "given";
  readonly target: Expression;
  readonly value: Expression;
}

export interface ExpectStatement extends Node {
  readonly kind: "expect";
  readonly condition: Expression;
}

export interface StepStatement extends Node {
  readonly kind: "step";
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | ListLiteral
  | NameExpression
  | CallExpression
  | MemberExpression
  | IndexExpression
  | UnaryExpression
  | BinaryExpression
  | PipelineExpression
  | TupleExpression
  | MissingExpression;

export interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly value: number;
}

export interface StringLiteral extends Node {
  readonly kind: "string";
  readonly value: string;
}

export interface BooleanLiteral extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}

/** `[[1, 2], [3, 4]]`, `[accuracy]` */
export interface ListLiteral extends Node {
  readonly kind: "list";
  readonly elements: readonly Expression[];
}

export interface NameExpression extends Node {
  readonly kind: "name";
  readonly name: string;
}

export interface CallExpression extends Node {
  readonly kind: "call";
  readonly callee: Identifier;
  readonly arguments: readonly Argument[];
}

export interface Argument extends Node {
  readonly kind: "argument";
  readonly name?: Identifier;
  readonly value: Expression;
}

/** `h1.W`, `X.T` */
export interface MemberExpression extends Node {
  readonly kind: "member";
  readonly object: Expression;
  readonly property: Identifier;
}

export interface IndexExpression extends Node {
  readonly kind: "index";
  readonly object: Expression;
  readonly indices: readonly IndexItem[];
}

/** `x[0]`, `x[1:]`, `x[:, 2]` */
export type IndexItem = { readonly kind: "at"; readonly index: Expression } | IndexSlice;

export interface IndexSlice extends Node {
  readonly kind: "slice";
  readonly start?: Expression;
  readonly end?: Expression;
}

export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "-";
  readonly operand: Expression;
}

export type BinaryOperator = "^" | "*" | "/" | "@" | "+" | "-" | "==" | "!=" | "<" | "<=" | ">" | ">=";

export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `x -> Dense(64) as h1 -> ReLU` is one pipeline of two stages. */
export interface PipelineExpression extends Node {
  readonly kind: "pipeline";
  readonly source: Expression;
  readonly stages: readonly Stage[];
}

/** Its range begins at the arrow. */
export interface Stage extends Node {
  readonly kind: "stage";
  /** A call, or a name when there are no parentheses. */
  readonly call: CallExpression | NameExpression | MissingExpression;
  readonly repeat?: Expression;
  readonly alias?: Identifier;
}

/** `(a, b)`, the source of a pipeline with two inputs. */
export interface TupleExpression extends Node {
  readonly kind: "tuple";
  readonly elements: readonly Expression[];
}

/** Stands where an expression was expected; its range is empty. */
export interface MissingExpression extends Node {
  readonly kind: "missing";
}
