// The parentheses of a network or block: which names are inputs, which are attributes, and what a use gives them.

import type { ArgumentDoc, ArgumentType, ArgumentValue } from "../../../engine/protocol/catalog";
import type { NetworkAttribute, Subject } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  BlockDeclaration,
  Expression,
  Identifier,
  InputDeclaration,
  NetworkDeclaration,
  ShapeAnnotation,
} from "../ast";
import { argumentValue, type BoundArguments, bindArguments } from "./arguments";
import { type AttributeScope, noAttributes, type Scalar } from "./constants";
import type { Context } from "./context";
import { rename, suggest } from "./fixes";

export interface Signature {
  readonly declaration: NetworkDeclaration | BlockDeclaration;
  readonly inputs: readonly SignatureInput[];
  readonly attributes: readonly SignatureAttribute[];
}

export interface SignatureInput {
  readonly declaration: InputDeclaration;
  readonly name: Identifier;
  /** Undefined for a scalar; of a block's input, for any shape. */
  readonly shape: ShapeAnnotation | undefined;
}

export interface SignatureAttribute {
  readonly declaration: InputDeclaration;
  readonly name: Identifier;
  readonly type: NetworkAttribute["type"];
  /** Undefined when there is none, or when it is wrong. */
  readonly default: Scalar | undefined;
}

/** Values for the attributes a use of the network gives. */
export type AttributeValues = ReadonlyMap<string, Scalar>;

const attributeTypes: { readonly [Type in NetworkAttribute["type"]]: ArgumentType } = {
  int: { kind: "integer" },
  float: { kind: "number" },
  bool: { kind: "boolean" },
  string: { kind: "string" },
};

export function readSignature(context: Context, declaration: Signature["declaration"]): Signature {
  const inputs: SignatureInput[] = [];
  const attributes: SignatureAttribute[] = [];
  const taken = new Map<string, Identifier>();
  for (const input of declaration.inputs) {
    const { name, annotation } = input;
    if (name.name === "") continue;
    const earlier = taken.get(name.name);
    if (earlier !== undefined) {
      const related = [{ range: earlier.range, message: `${name.name} is declared here` }];
      context.reporter.report("duplicate-name", name.range, [name.name], { related });
      continue;
    }
    taken.set(name.name, name);
    if (annotation.kind === "type") {
      const attribute = readAttribute(context, input, annotation.type);
      if (attribute !== undefined) attributes.push(attribute);
    } else {
      if (input.default !== undefined) context.reporter.report("input-default", input.default.range, [name.name]);
      inputs.push({ declaration: input, name, shape: annotation.kind === "shape" ? annotation : undefined });
    }
  }
  return { declaration, inputs, attributes };
}

/** Sizes of an annotation; undefined after reporting what is wrong, or when an attribute's value is not known. */
export function dimensions(
  context: Context,
  { dimensions: written }: ShapeAnnotation,
  attributes: AttributeScope,
): number[] | undefined {
  const type = { kind: "integer", min: 1 } as const;
  const sizes = written.map((size) => argumentValue(context, "a dimension", type, size, attributes));
  return sizes.every((size) => typeof size === "number") ? sizes : undefined;
}

function readAttribute(
  context: Context,
  declaration: InputDeclaration,
  annotation: Identifier,
): SignatureAttribute | undefined {
  const { name } = declaration;
  const type = annotation.name;
  if (!isAttributeType(type)) {
    if (type !== "") {
      const fixes = rename(annotation.range, suggest(context, type, Object.keys(attributeTypes)));
      context.reporter.report("unknown-type", annotation.range, [type], { fixes });
    }
    return undefined;
  }
  const value =
    declaration.default && argumentValue(context, name.name, attributeTypes[type], declaration.default, noAttributes);
  return { declaration, name, type, default: isScalar(value) ? value : undefined };
}

/** The arguments of `train Network(…)` or `check … on Network(…)`. */
export interface BoundUse extends BoundArguments {
  readonly attributes: AttributeValues;
}

/** With `inputs`, the use also gives the network's inputs their numbers; they come first. */
export function bindUse(
  context: Context,
  signature: Signature,
  place: Identifier,
  written: readonly Argument[],
  options: { readonly inputs: boolean },
): BoundUse {
  const network = signature.declaration.name.name;
  const inputs = signature.inputs.map(
    ({ name }): ArgumentDoc => ({ name: name.name, type: { kind: "tensor" }, summary: "an input of the network" }),
  );
  const attributes = attributeDocs(signature);
  const isInput = new Set(inputs.map(({ name }) => name));
  const callee = {
    ...place,
    subject: (name: string): Subject =>
      isInput.has(name) ? { kind: "value", network, id: name } : { kind: "attribute", network, name },
  };
  const docs = options.inputs ? [...inputs, ...attributes] : attributes;
  const bound = bindArguments(context, callee, docs, written, noAttributes);
  return { ...bound, attributes: attributeValues(attributes, bound) };
}

/** What a call of a block gives it, apart from values. */
export interface BoundCall {
  /** What stands for its inputs besides what is piped, in order; undefined where one is missing or doubled. */
  readonly inputs: readonly (Expression | undefined)[];
  readonly attributes: AttributeValues;
}

/** `written` are the arguments of a call; the first `piped` inputs come out of the pipeline. */
export function bindCall(
  context: Context,
  signature: Signature,
  place: { readonly name: string; readonly range: Range },
  written: readonly Argument[],
  piped: number,
  scope: AttributeScope,
): BoundCall {
  const block = signature.declaration.name.name;
  const open = signature.inputs.slice(piped);
  const isInput = (argument: Argument, index: number): boolean =>
    argument.name === undefined
      ? index < open.length && written.slice(0, index).every(({ name }) => name === undefined)
      : open.some(({ name }) => name.name === argument.name!.name);
  const forInputs = new Map<number, Expression>();
  const forAttributes: Argument[] = [];
  written.forEach((argument, index) => {
    const { name, value, range } = argument;
    if (!isInput(argument, index)) {
      forAttributes.push(argument);
      return;
    }
    const position = name === undefined ? index : open.findIndex((input) => input.name.name === name.name);
    if (forInputs.has(position))
      context.reporter.report("duplicate-argument", range, [block, open[position]!.name.name]);
    else forInputs.set(position, value);
  });
  const docs = attributeDocs(signature);
  const callee = { ...place, subject: (name: string): Subject => ({ kind: "attribute", network: block, name }) };
  const bound = bindArguments(context, callee, docs, forAttributes, scope);
  return { inputs: open.map((_, position) => forInputs.get(position)), attributes: attributeValues(docs, bound) };
}

function attributeDocs({ attributes }: Signature): ArgumentDoc[] {
  return attributes.map(
    ({ name, type, default: value, declaration }): ArgumentDoc => ({
      name: name.name,
      type: attributeTypes[type],
      summary: "it has no default",
      ...(value === undefined ? {} : { default: value }),
      // A default that is wrong has been reported where it stands.
      ...(value === undefined && declaration.default ? { optional: true } : {}),
    }),
  );
}

function attributeValues(docs: readonly ArgumentDoc[], { values }: BoundArguments): AttributeValues {
  return new Map(
    docs.flatMap(({ name }) => {
      const value = values[name];
      return isScalar(value) ? [[name, value] as const] : [];
    }),
  );
}

function isAttributeType(name: string): name is NetworkAttribute["type"] {
  return Object.hasOwn(attributeTypes, name);
}

function isScalar(value: ArgumentValue | undefined): value is Scalar {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string";
}
