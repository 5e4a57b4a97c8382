// A network as advice looks at it: values by id, who uses them, and what is known of each. Only reads.

import { namesOf, traitsOf } from "../../../engine/model/catalog";
import type { Traits } from "../../../engine/model/traits";
import type { BlockUse, Network, Value, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import { sameRange } from "./source-edits";

/** What a value is taken for: `numbers` is anything that is provably no probability. */
export type Outcome = NonNullable<Traits["gives"]> | "numbers" | "unknown";

export class NetworkView {
  private readonly values = new Map<ValueId, Value>();
  private readonly usersOf = new Map<ValueId, Value[]>();

  constructor(readonly network: Network) {
    for (const value of network.values) {
      this.values.set(value.id, value);
      for (const input of inputsOf(value)) {
        const users = this.usersOf.get(input);
        if (users === undefined) this.usersOf.set(input, [value]);
        else users.push(value);
      }
    }
  }

  get(id: ValueId | undefined): Value | undefined {
    return id === undefined ? undefined : this.values.get(id);
  }

  /** What a value of a single input is computed from. */
  inputOf(value: Value): Value | undefined {
    const inputs = inputsOf(value);
    return inputs.length === 1 ? this.values.get(inputs[0]!) : undefined;
  }

  users(value: Value): readonly Value[] {
    return this.usersOf.get(value.id) ?? [];
  }

  isOutput({ id }: Value): boolean {
    return this.network.outputs.some((output) => output.value === id);
  }

  /** The value a loss is computed from. */
  get output(): Value | undefined {
    return this.get(this.network.outputs[0]?.value);
  }

  /** The value and what it is computed from in a straight line, as long as `follow` says so; at least the value. */
  *backwards(value: Value, follow: (value: Value) => boolean): Iterable<Value> {
    let next: Value | undefined = value;
    while (next !== undefined) {
      yield next;
      next = follow(next) ? this.inputOf(next) : undefined;
    }
  }

  /** The value that decides what `value` is taken for: what only drops or rearranges numbers is looked through. */
  giver(value: Value): Value {
    let last = value;
    for (last of this.backwards(value, keepsMeaning));
    return last;
  }

  outcome(value: Value, depth = 0): Outcome {
    const giver = this.giver(value);
    const { gives, role } = traitsOfValue(giver);
    if (gives !== undefined) return gives;
    if (role === "linear" || role === "activation" || role === "normalization") return "numbers";
    if (giver.source.kind !== "operation" || !linearFunctions.has(giver.source.function) || depth > deepest) {
      return "unknown";
    }
    // A product of two inputs may be a mixture of probabilities; one with computed numbers or of parameters is none.
    const outcomes = giver.source.inputs.map((id): Outcome => {
      const input = this.values.get(id);
      return input === undefined ? "unknown" : this.outcome(input, depth + 1);
    });
    if (outcomes.includes("numbers")) return "numbers";
    const isWeighted = giver.source.inputs.some((id) => this.isTrained(id));
    return giver.source.function === "matmul" && isWeighted && !outcomes.some(isProbability) ? "numbers" : "unknown";
  }

  private isTrained(id: ValueId): boolean {
    return this.network.parameters.some((parameter) => parameter.id === id && parameter.trainable);
  }
}

/** Sums and products: what one of them makes of any numbers is any numbers. */
const linearFunctions: ReadonlySet<string> = new Set(["add", "subtract", "negate", "matmul"]);

const deepest = 50; // Nobody writes sums of more terms; recursion stays short.

export function traitsOfValue({ source }: Value): Traits {
  if (source.kind === "layer") return traitsOf("layer", source.layer);
  return source.kind === "operation" ? traitsOf("function", source.function) : {};
}

export function inputsOf({ source }: Value): readonly ValueId[] {
  return source.kind === "layer" || source.kind === "operation" ? source.inputs : [];
}

/** What a message calls it: the layer or function, else as it is written. */
export function calledName({ source, title }: Value): string {
  return source.kind === "layer" ? source.layer : title;
}

export function keepsMeaning(value: Value): boolean {
  const { role } = traitsOfValue(value);
  return role === "rearrangement" || role === "regularization";
}

function isProbability(outcome: Outcome): boolean {
  return outcome === "probabilities" || outcome === "probability";
}

/** The first layer of the catalog with a trait; the usual one of them, if one is. */
export function layerWith(fits: (traits: Traits) => boolean): string | undefined {
  const names = namesOf("layer").filter((name) => fits(traitsOf("layer", name)));
  return names.find((name) => traitsOf("layer", name).usual) ?? names[0];
}

/** Whether another file declares it: then its places are in that file. */
export function isImported({ imported }: Network & { readonly imported?: string }): boolean {
  return imported !== undefined;
}

/** Whether the value is written in the file that is lowered; of a block in another file only its use is. */
export function isWrittenHere({ path = [], range }: Value): boolean {
  return !path.some((use) => sameRange(use.range, range));
}

/** A value as it is seen in a body around it: itself, or the use of the block that holds it. */
export interface Seen {
  readonly range: Range;
  /** `Dense`, or `Dense in Head`. */
  readonly name: string;
  /** Undefined when it stands in the body itself. */
  readonly use: BlockUse | undefined;
}

/** Two values as the innermost body sees them that has both; undefined when that is in another file. */
export function seenTogether(one: Value, other: Value): readonly [Seen, Seen] | undefined {
  const [path, otherPath] = [one.path ?? [], other.path ?? []];
  const differing = path.findIndex(({ instance }, depth) => instance !== otherPath[depth]?.instance);
  const depth = differing < 0 ? path.length : differing;
  const seen = [one, other].map((value): Seen => {
    const use = value.path?.[depth];
    const name = calledName(value);
    return use ? { range: use.range, name: `${name} in ${use.block}`, use } : { range: value.range, name, use };
  });
  const isElsewhere = path.slice(0, depth).some((use) => seen.some(({ range }) => sameRange(range, use.range)));
  return isElsewhere ? undefined : [seen[0]!, seen[1]!];
}
