// A text, its meaning, and the network a gesture is made in: which place in the text each thing of the diagram has, and
// what names are free there.

import { documentation } from "../../../engine/model/catalog";
import type { Diagnostic } from "../../../engine/protocol/diagnostic";
import type { BlockInstance, Module, Network, Value, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { BinaryOperator, Expression, SourceFile, Statement } from "../ast";
import { type Callable, isCallable } from "../navigation/names";
import { type Occurrence, occurrencesIn } from "../navigation/occurrences";
import { projectOf } from "../navigation/project";
import { Positions } from "../positions";
import { walk } from "../syntax-tree";
import { Body, callableAround, type Place, type Slot, type Uses, usesOf } from "./body";
import type { Draft } from "./draft";
import { refuse } from "./refusal";

/** What is known of a text; an Analysis is one. */
export interface EditSource {
  readonly text: string;
  readonly file: SourceFile;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** A value, or a use of a block, where it is written. */
export interface Item {
  readonly id: string;
  /** As messages call it. */
  readonly title: string;
  readonly range: Range;
  readonly value?: Value;
  readonly instance?: BlockInstance;
  readonly body: Body;
  readonly place: Place;
}

export const ownPath = "/file.nnet";

export class Scene {
  readonly network: Network;
  private readonly bodies = new Map<Callable, Body>();
  private readonly taken = new Map<Callable, Set<string>>();
  private known: readonly Occurrence[] | undefined;
  private readonly positions: Positions;

  constructor(
    readonly source: EditSource,
    name: string,
  ) {
    const { networks, blocks } = source.module;
    const found =
      networks.find((network) => network.name === name) ?? blocks.find((block) => block.name === name)?.unused;
    this.network = found ?? refuse(`There is no network ${name} in this file: the diagram shows an older text.`);
    this.positions = new Positions(source.text);
  }

  item(id: ValueId): Item {
    const value = this.network.values.find((candidate) => candidate.id === id);
    const instance = this.network.blocks?.find((candidate) => candidate.instance === id);
    const found = value ?? instance;
    if (found === undefined) refuse(`There is no ${id} in ${this.network.name}: the diagram shows an older text.`);
    const title = value ? (value.name ?? value.title) : instance!.nameRange ? id : instance!.block;
    const outside = this.network.imported ?? this.importOf(found);
    if (outside !== undefined) refuse(`${title} stands in "${outside}": open that file to change it.`);
    const body = this.bodyAround(found.range);
    const place = body?.placeOf(found.range);
    if (body === undefined || place === undefined) {
      refuse(`${title} in line ${this.line(found.range)} is not written as a value of its own: change it in the text.`);
    }
    const what = value ? { value } : { instance: instance! };
    return { id, title, range: found.range, body, place, ...what };
  }

  bodyAround(range: Range): Body | undefined {
    const declaration = callableAround(this.source.file, range);
    return declaration && this.bodyOf(declaration);
  }

  bodyOf(declaration: Callable): Body {
    const known = this.bodies.get(declaration);
    if (known) return known;
    const body = new Body(this.source.text, declaration);
    this.bodies.set(declaration, body);
    return body;
  }

  callable(name: string): Callable | undefined {
    return this.source.file.declarations.find(
      (declaration): declaration is Callable => isCallable(declaration) && declaration.name.name === name,
    );
  }

  /** From 1. */
  line(range: Range): number {
    return this.positions.positionAt(range.start).line + 1;
  }

  get occurrences(): readonly Occurrence[] {
    if (this.known === undefined) {
      const file = { path: ownPath, text: this.source.text, tree: this.source.file };
      this.known = occurrencesIn(projectOf([file]), file);
    }
    return this.known;
  }

  // Names.

  /** The names a thing has where it is written: after `as`, left of `=`, of an output. */
  namesOf({ place, body }: Item): readonly string[] {
    if (place.kind === "input") return [place.declaration.name.name];
    if (place.kind === "parameter") return [place.statement.name.name];
    const alias = place.kind === "stage" ? body.stage(place).alias?.name : undefined;
    const isLast = place.kind === "expression" || place.index === place.pipeline.stages.length - 1;
    const { statement, whole } = place.slot;
    const bound = isLast && whole && statement.kind === "binding" ? statement.name.name : undefined;
    return [alias, bound].filter((name) => name !== undefined && name !== "") as string[];
  }

  uses(item: Item): Uses {
    const found = this.namesOf(item).map((name) => usesOf(item.body, name, this.occurrences));
    return {
      slots: found.flatMap(({ slots }) => slots),
      members: found.flatMap(({ members }) => members),
      elsewhere: found.flatMap(({ elsewhere }) => elsewhere),
    };
  }

  /** A name that nothing has, near to a wanted one: `relu`, `relu2`. */
  fresh(body: Body, wanted: string): string {
    const taken = this.namesTaken(body.declaration);
    const stem = /^[\p{L}_][\p{L}\p{Nd}_]*/u.exec(wanted.toLowerCase())?.[0] ?? "value";
    for (let count = 1; ; count++) {
      const name = count === 1 ? stem : `${stem}${count}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  }

  /** The name itself where it is free, else one near to it. */
  free(body: Body, name: string): string {
    const taken = this.namesTaken(body.declaration);
    if (taken.has(name)) return this.fresh(body, name);
    taken.add(name);
    return name;
  }

  /** What another expression of the same body writes for a thing; one without a name is given one. */
  reference(item: Item, draft: Draft): string {
    const [name] = this.namesOf(item);
    if (name !== undefined) return name;
    const { place, body } = item;
    if (place.kind === "stage") {
      const fresh = this.fresh(body, item.instance?.block ?? wordOf(body.stage(place).call));
      draft.insert(body.stage(place).range.end, ` as ${fresh}`);
      return fresh;
    }
    if (place.kind !== "expression") return refuse(`${item.title} has no name: give it one in the text.`);
    return this.hoist(body, place.slot, draft, wordOf(place.expression));
  }

  /** Gives what stands in a slot a statement of its own, and a name that stands there instead. */
  hoist(body: Body, slot: Slot, draft: Draft, wanted: string): string {
    const name = this.fresh(body, wanted);
    draft.insertLineBefore(slot.statement, `${name} = ${body.textOf(slot.expression.range)}`);
    draft.replace(body.outer(slot), name);
    return name;
  }

  /** Two things can stand in one expression only if one body has both. */
  requireSameBody(one: Item, other: Item): void {
    if (one.body === other.body) return;
    const { name } = one.body.declaration.name;
    refuse(
      `${one.title} is inside of ${name}, and ${other.title} is not: what passes a block's border is its inputs and its \`return\`. Expand the block first.`,
    );
  }

  private importOf(found: Value | BlockInstance): string | undefined {
    for (const { block } of found.path ?? []) {
      const imported = this.source.module.blocks.find(({ name }) => name === block)?.imported;
      if (imported !== undefined) return imported;
    }
    return undefined;
  }

  private namesTaken(declaration: Callable): Set<string> {
    const known = this.taken.get(declaration);
    if (known) return known;
    const taken = new Set([
      "loss",
      "target",
      "output",
      "return",
      "param",
      "const",
      "layer",
      "true",
      "false",
      "as",
      "repeat",
    ]);
    for (const { name } of [...this.source.module.blocks, ...this.source.module.networks]) taken.add(name);
    walk(declaration, (node) => {
      if (node.kind === "identifier" || node.kind === "name") taken.add(node.name);
    });
    this.taken.set(declaration, taken);
    return taken;
  }
}

/** What a value without a name may be called. */
export function wordOf(expression: Expression): string {
  switch (expression.kind) {
    case "call":
      return wordFor(expression.callee.name);
    case "binary":
      return wordForOperator(expression.operator);
    case "pipeline": {
      const call = expression.stages.at(-1)?.call;
      return call?.kind === "call" ? wordFor(call.callee.name) : call?.kind === "name" ? wordFor(call.name) : "value";
    }
    case "name":
      return wordFor(expression.name);
    default:
      return "value";
  }
}

/** A layer is a good name for what it gives; `exp = exp(x)` would not be. */
export function wordFor(callee: string): string {
  return documentation("function", callee) ? "value" : callee;
}

export function wordForOperator(operator: BinaryOperator): string {
  if (operator === "+") return "sum";
  return operator === "@" || operator === "*" ? "product" : "value";
}

/** The statement a place is in; undefined for an input. */
export function statementOf(place: Place): Statement | undefined {
  if (place.kind === "input") return undefined;
  return place.kind === "parameter" ? place.statement : place.slot.statement;
}
