// What stands behind a name and a dot: values, shared layers, instances of blocks, and what is inside those.

import type { Output, Parameter, ValueId } from "../../../engine/protocol/network";
import type { MemberExpression } from "../ast";
import { type Context, oneLine } from "./context";
import { rename, suggest } from "./fixes";
import type { Operand } from "./values";

/** The names of one body: of a network, or of an instance of a block. */
export interface Names {
  /** Undefined where an error hides the value. */
  readonly values: ReadonlyMap<string, Operand>;
  /** Whose parameters the layers have that `layer` statements share. */
  readonly layers: ReadonlyMap<string, string>;
  /** A use of a block with a name is here; when it gives one value, that has the same name among the values. */
  readonly instances: ReadonlyMap<string, Instance>;
}

/** One use of a block. */
export interface Instance {
  readonly block: string;
  readonly outputs: readonly Output[];
  readonly inside: Names;
}

export type Named =
  | { readonly kind: "value"; readonly id: ValueId }
  /** A layer that several pipelines share. */
  | { readonly kind: "layer"; readonly instance: string }
  | { readonly kind: "instance"; readonly instance: Instance };

/** What a name stands for; undefined when it is unknown, or when an error hides it. */
export function named({ values, layers, instances }: Names, name: string): Named | undefined {
  const instance = instances.get(name);
  if (instance !== undefined) return { kind: "instance", instance };
  const layer = layers.get(name);
  if (layer !== undefined) return { kind: "layer", instance: layer };
  const id = values.get(name);
  return id === undefined ? undefined : { kind: "value", id };
}

/** Of a value or a shared layer: none when no layer gives the value, undefined when an error hides them. */
export type ParametersOf = (owner: ValueId) => readonly Parameter[] | undefined;

/** What `.property` picks from an owner. Undefined after reporting that there is none, or when an error hides it. */
export function memberOf(
  context: Context,
  parametersOf: ParametersOf,
  owner: Named,
  expression: MemberExpression,
): Named | undefined {
  const { name } = expression.property;
  if (name === "") return undefined;
  if (owner.kind !== "instance") {
    const id = owner.kind === "value" ? owner.id : owner.instance;
    const parameters = parametersOf(id);
    // A shared layer has no parameters before its first use gives them their shape.
    if (parameters === undefined || (owner.kind === "layer" && parameters.length === 0)) return undefined;
    return parameterOf(parameters, name) ?? noMember(context, expression, namesOf(parameters), "no parameters");
  }
  const { outputs, inside } = owner.instance;
  const output = outputs.find((candidate) => candidate.name === name);
  if (output !== undefined && outputs.length > 1) return { kind: "value", id: output.value };
  const found = named(inside, name);
  if (found !== undefined || inside.values.has(name)) return found;
  const [single] = outputs;
  const parameters = (outputs.length === 1 && single && parametersOf(single.value)) || [];
  const members = [...inside.values.keys(), ...inside.layers.keys(), ...inside.instances.keys()];
  const all = new Set([...outputs.slice(1).map((other) => other.name), ...members, ...namesOf(parameters)]);
  return parameterOf(parameters, name) ?? noMember(context, expression, [...all], "nothing with a name");
}

/** The one value an instance gives; undefined when there are several. */
export function singleValue(found: Named): ValueId | undefined {
  if (found.kind === "value") return found.id;
  if (found.kind === "layer") return undefined;
  const { outputs } = found.instance;
  return outputs.length === 1 ? outputs[0]!.value : undefined;
}

function parameterOf(parameters: readonly Parameter[], name: string): Named | undefined {
  const found = parameters.find((parameter) => parameter.name === name);
  return found && { kind: "value", id: found.id };
}

function noMember(
  context: Context,
  { object, property }: MemberExpression,
  members: readonly string[],
  none: string,
): undefined {
  const fixes = rename(property.range, suggest(context, property.name, members));
  const has = `it has ${members.length === 0 ? none : members.join(" and ")}`;
  const owner = oneLine(context.text, object.range, 30);
  context.reporter.report("unknown-member", property.range, [owner, property.name, has], { fixes });
}

function namesOf(parameters: readonly Parameter[]): string[] {
  return parameters.map(({ name }) => name);
}
