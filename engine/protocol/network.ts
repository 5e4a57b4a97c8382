// The Network: a `.nnet` file after lowering. Plain data that survives `structuredClone`.
// Ids: a value named by its user has that name; an unnamed one has a name no user can write, like `Dense#2`.
// Parameters share the values' namespace: `h1.W` belongs to the layer `h1`; `param W1` is value and parameter at once.

import type { NdArray, Shape } from "./array";
import type { Arguments, ArgumentValue, Call, CallableKind } from "./catalog";
import type { Range } from "./text";

export type ValueId = string;

export interface Network {
  readonly name: string;
  readonly documentation: string;
  readonly range: Range;
  readonly nameRange: Range;
  /** Attributes with the values of this instance, as `hidden: int = 64` gives them. */
  readonly attributes: readonly NetworkAttribute[];
  /** Every value, inputs first; a value stands after all it is computed from. */
  readonly values: readonly Value[];
  readonly parameters: readonly Parameter[];
  readonly outputs: readonly Output[];
  /** The blocks it uses, nested ones included, in the order of their values. Absent when there are none. */
  readonly blocks?: readonly BlockInstance[];
  /** The path of the import it comes from, which is then the place of everything in it. */
  readonly imported?: string;
  /** Whether every value has a shape and there is an output: only then it can run. */
  readonly complete: boolean;
}

export interface NetworkAttribute {
  readonly name: string;
  readonly type: "int" | "float" | "bool" | "string";
  readonly value: ArgumentValue;
}

export interface Value {
  readonly id: ValueId;
  /** The user's name for it, if it has one. */
  readonly name?: string;
  /** What a diagram node or a message calls it: `Dense`, `X @ W1`. */
  readonly title: string;
  readonly source: ValueSource;
  /** Shape for one sample; absent where an error hides it. */
  readonly shape?: Shape;
  /** Whether the batch dimension is added in front when it runs. */
  readonly batched: boolean;
  /**
   * The expression or stage that gives it, without its `as` clause. Of a value in a block it stands in the block's body;
   * when that is in another file, it is the place of the block's use.
   */
  readonly range: Range;
  readonly nameRange?: Range;
  readonly documentation?: string;
  /** The uses of blocks it came from, outermost first; absent for what the network itself says. */
  readonly path?: readonly BlockUse[];
}

/** One instance of a block. Values of it have ids that begin with `instance` and a slash. */
export interface BlockUse {
  readonly block: string;
  /** The name after `as`, or one no user can write: `r1`, `Residual#2`, nested `r1/Residual#1`. */
  readonly instance: string;
  /** The call, in the file that is lowered. */
  readonly range: Range;
}

/** What a use of a block takes and gives. */
export interface BlockInstance extends BlockUse {
  /** Of the `as` name or binding. */
  readonly nameRange?: Range;
  /** What it is given, whether it fits or not; from 0 in the order the block declares them. What is not known is left out. */
  readonly inputs: readonly { readonly input: number; readonly value: ValueId }[];
  /** The `layer` statement whose weights it has, if it is the use of one. */
  readonly shared?: string;
  /** The values of its attributes, as far as they are known. */
  readonly arguments: Arguments;
  /** `output` when the block returns a single value, which may be one of its inputs. */
  readonly outputs: readonly Output[];
  /** The uses around it, outermost first; absent for what the network itself says. */
  readonly path?: readonly BlockUse[];
}

export type ValueSource =
  | { readonly kind: "input" }
  /** A declared `param` or `const`; its Parameter has the same id. */
  | { readonly kind: "parameter" }
  /** A literal inside an expression. */
  | { readonly kind: "constant"; readonly data: NdArray }
  /** An operator or a function in lower case; `function` names an entry of the function catalog. */
  | {
      readonly kind: "operation";
      readonly function: string;
      readonly inputs: readonly ValueId[];
      readonly arguments: Arguments;
    }
  | {
      readonly kind: "layer";
      readonly layer: string;
      /** Whose parameters it uses; two values with one instance share their weights. */
      readonly instance: string;
      readonly arguments: Arguments;
      /** Names of the arguments that are not at their defaults: what is worth showing in little space. */
      readonly chosen: readonly string[];
      readonly inputs: readonly ValueId[];
    }
  /** A part of something computed elsewhere; only in the formulas of a check. */
  | { readonly kind: "observed"; readonly quantity: Quantity };

/** What a check can ask about a run of its network. */
export type Quantity =
  | { readonly kind: "value"; readonly id: ValueId }
  | { readonly kind: "gradient"; readonly id: ValueId }
  | { readonly kind: "loss" }
  | { readonly kind: "target" }
  | { readonly kind: "metric"; readonly name: string }
  /** ∂of/∂by of one sample: the shape of `of`, then the shape of `by`. */
  | { readonly kind: "jacobian"; readonly of: ValueId; readonly by: ValueId };

export interface Parameter {
  /** `h1.W`, `Dense#2.b`, or the name of a declared `param`. */
  readonly id: ValueId;
  /** `W`, `b`, or the declared name. */
  readonly name: string;
  /** The layer instance that owns it; absent for a declared one. */
  readonly instance?: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** False for `const`, and for what is `running`. */
  readonly trainable: boolean;
  /** Follows what its layer sees while training, as a running mean does; no gradient changes it. */
  readonly running?: true;
  readonly range: Range;
}

/** How a parameter begins: with an initializer of the catalog, with given numbers, or with those of a NumPy file. */
export type Initializer =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "literal"; readonly data: NdArray }
  | NumbersFile;

export interface NumbersFile {
  readonly kind: "file";
  /** Relative to `folder`, and that to the file that is lowered; absent for the same. */
  readonly path: string;
  readonly folder?: string;
}

export interface Output {
  /** `output` when the network returns a single value. */
  readonly name: string;
  readonly value: ValueId;
}

export interface DataDeclaration {
  readonly name: string;
  /** Where the file that declares it lies, relative to the file that is lowered: `../shared`; absent for the same. */
  readonly folder?: string;
  readonly documentation: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly source: Call;
  /** Where the source's call and each of its written arguments stand, for diagnostics about the data. */
  readonly sourceRange: Range;
  readonly argumentRanges: Readonly<Record<string, Range>>;
}

export interface Training {
  /** The `as` name, or the network's. */
  readonly name: string;
  readonly documentation: string;
  readonly range: Range;
  readonly nameRange: Range;
  /** The network with this training's attribute values. */
  readonly network: Network;
  readonly data: DataDeclaration;
  readonly loss: Loss;
  readonly optimizer: Call;
  /** How the learning rate changes; constant when absent. */
  readonly schedule?: Call;
  readonly batchSize: number;
  readonly epochs: number;
  /** Ends the training after so many optimizer updates, however many epochs that is; `epochs` does not count then. */
  readonly steps?: number;
  /** Penalties added to the loss, on all trained weights but the vectors of layers (biases). */
  readonly regularize?: readonly Call[];
  /** What is done to gradients before the update. */
  readonly clip?: Call;
  /** What ends a training early. */
  readonly stop?: Call;
  /** A fraction in (0, 1) split off the data, another data set, or nothing. */
  readonly validation: Validation;
  readonly metrics: readonly string[];
  readonly seed: number;
  readonly shuffle: boolean;
  /** When and where it is written down, so that it can go on later; never when absent. */
  readonly checkpoint?: Checkpointing;
}

/** A checkpoint is written in the course of a training, at its end and when it is stopped. */
export interface Checkpointing {
  /** From one to the next; fewer are written when writing takes longer. */
  readonly epochs: number;
  /** Relative to the file; when absent, one named after file and training. */
  readonly path?: string;
}

/** What is minimised: the mean over the batch of each sample's loss. */
export type Loss =
  | { readonly kind: "call"; readonly call: Call }
  /** An expression over values of the network and `target`, which are `observed` leaves; `result` is a scalar. */
  | { readonly kind: "formula"; readonly text: string; readonly values: readonly Value[]; readonly result: ValueId };

export type Validation =
  | { readonly kind: "none" }
  | { readonly kind: "fraction"; readonly fraction: number }
  | { readonly kind: "data"; readonly data: DataDeclaration };

export interface Check {
  readonly title: string;
  readonly documentation: string;
  readonly range: Range;
  readonly titleRange: Range;
  readonly network: Network;
  /** The given inputs, each with the batch dimension in front. */
  readonly inputs: Readonly<Record<ValueId, NdArray>>;
  readonly batchSize: number;
  /**
   * The inputs were given as one sample, not as a batch: then the batch size is 1, and every observed quantity stands
   * in the formulas without its batch dimension (`expect q == 3`).
   */
  readonly singleSample: boolean;
  /** With the batch dimension in front, as the loss takes it. */
  readonly target?: NdArray;
  readonly loss?: Loss;
  /** How the losses of the samples become one. */
  readonly reduction: "mean" | "sum";
  /** The gradient of the output that backward starts from when there is no loss; ones if absent. */
  readonly upstream?: NdArray;
  readonly optimizer?: Call;
  readonly given: readonly { readonly parameter: ValueId; readonly data: NdArray }[];
  /** Largest absolute difference that `==` lets pass. */
  readonly tolerance: number;
  /** Everything the expectations compute, over `observed` quantities; shapes include the batch dimension of a batch. */
  readonly formulas: readonly Value[];
  readonly statements: readonly CheckStatement[];
  /** `check … after`: this training is run first, and its results are checked; there are no inputs then. */
  readonly after?: Training;
}

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type CheckStatement =
  | {
      readonly kind: "expect";
      /** As written, on one line. */
      readonly text: string;
      readonly range: Range;
      readonly left: ValueId;
      readonly comparison: Comparison;
      readonly right: ValueId;
    }
  /** One optimizer update; what is observed afterwards is computed anew. */
  | { readonly kind: "step"; readonly range: Range };

/** A block as it is declared, for hovers and hints: what runs are the networks that use it. */
export interface Block {
  readonly name: string;
  readonly documentation: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly inputs: readonly string[];
  readonly attributes: readonly {
    readonly name: string;
    readonly type: NetworkAttribute["type"];
    readonly default?: ArgumentValue;
  }[];
  /** The path of the import it comes from, which is then its place. */
  readonly imported?: string;
  /** Its body with what is known of its inputs, when no network of the file uses it. */
  readonly unused?: Network;
}

/** `import "blocks.nnet"`, and what it gives. */
export interface Import {
  readonly path: string;
  readonly range: Range;
  readonly names: readonly string[];
}

/** All declarations of one file that could be lowered, and the imported ones that it uses. */
export interface Module {
  readonly networks: readonly Network[];
  /** All that can be used. */
  readonly blocks: readonly Block[];
  readonly data: readonly DataDeclaration[];
  readonly trainings: readonly Training[];
  readonly checks: readonly Check[];
  readonly imports: readonly Import[];
  /** What each name in the text stands for, ordered by start; used by hover and navigation. */
  readonly mentions: readonly Mention[];
}

/** A stretch of text that stands for something. Mentions may nest; the smallest one around a position counts. */
export interface Mention {
  readonly range: Range;
  readonly subject: Subject;
}

export type Subject =
  /** A value or a parameter of a network. */
  | { readonly kind: "value"; readonly network: string; readonly id: ValueId }
  | { readonly kind: "network"; readonly name: string }
  | { readonly kind: "block"; readonly name: string }
  /** What the file at the path gives. */
  | { readonly kind: "import"; readonly path: string }
  | { readonly kind: "data"; readonly name: string }
  | { readonly kind: "training"; readonly name: string }
  | { readonly kind: "check"; readonly title: string }
  /** An entry of the catalog, `argument` when the mention is the name of one of its arguments. */
  | {
      readonly kind: "callable";
      readonly callable: CallableKind;
      readonly name: string;
      readonly argument?: string;
    }
  /** Of a network or block. */
  | { readonly kind: "attribute"; readonly network: string; readonly name: string };
