// Why a number is 0, small or large, in words. Rests on the traits of layers and functions and on the formula itself,
// never on names.

import { gradients } from "../../model/differentiate";
import { Evaluation, noRandomNumbers } from "../../model/evaluate";
import { Graph, type GraphNode } from "../../model/graph";
import type { AnyOp } from "../../model/op";
import { conv2d } from "../../model/ops/convolution";
import { add, divide, maximum, minimum, multiply, negate, select, subtract } from "../../model/ops/elementwise";
import { oneHot } from "../../model/ops/movement";
import { maxPool2d } from "../../model/ops/pooling";
import { max, min } from "../../model/ops/reduction";
import { sizeOf } from "../../model/shape";
import type { Traits } from "../../model/traits";
import type { NdArray } from "../../protocol/array";
import type { Value, ValueId } from "../../protocol/network";
import type { Application, Expression } from "../derive/expression";
import { shapeOf } from "../derive/expression";
import { any, factorsOf } from "../derive/places";
import { nearBound } from "../health";
import { circumstancesOf } from "./circumstances";
import { type Formula, formulaOf, plainName, type Subject } from "./formula";
import { lookedAtByNone, withoutShare } from "./masking";
import type { StudiedBatch } from "./studied-batch";
import { type Element, indicesAt, movedFrom, numberAt, placeIn, termsOf } from "./terms";
import { elementName, kindOf, shown, traitsAt } from "./wording";

/** Sentences; none where nothing special is the reason. `formula` is that of the subject, if it has one. */
export function causesOf(
  batch: StudiedBatch,
  subject: Subject,
  position: number,
  formula: Formula | undefined,
): readonly string[] {
  return [
    ...new Causes(batch).of(subject, position, formula, deepest),
    ...circumstancesOf(batch, subject, position, formula),
  ];
}

const deepest = 3; // How many gradients a reason is followed through.
const smallDivisor = 0.05;

type OpNode = GraphNode & { readonly kind: "op" };

class Causes {
  constructor(private readonly batch: StudiedBatch) {}

  of(subject: Subject, position: number, formula: Formula | undefined, depth: number): string[] {
    const direct = subject.of === "value" ? this.ofValue(subject.id, position) : this.ofGradient(subject.id, position);
    const element = formula && { expression: formula.expression, position };
    const numbers = subject.of === "value" ? this.batch.value(subject.id) : this.batch.gradient(subject.id);
    const number = numbers?.data[position];
    if (!formula || !element) return direct;
    const zero = direct.length === 0 && number === 0 && depth > 0 ? this.zero(formula, element, depth) : [];
    return [...direct, ...zero, ...this.divided(element), ...this.padding(element)];
  }

  /** What the layer or function does that gives this number. */
  private ofValue(id: ValueId, position: number): string[] {
    const value = this.batch.find(id);
    const [input] = this.batch.sourcesOf(id);
    if (!value || input === undefined || !this.batch.isAlike(id, input)) return [];
    const number = this.batch.value(id).data[position]!;
    const given = this.batch.value(input).data[position]!;
    const fed = `${elementName(this.batch, { id: input, of: "value" }, position)} = ${shown(given)}`;
    const traits = traitsAt(value);
    if (isFlatBelow(traits) && number === 0) {
      return [
        `It is 0 because ${fed} is not above 0: this ${kindOf(value)} is off ${this.share(id, position, isZero)}.`,
      ];
    }
    if (isSaturated(traits, number)) {
      return [`It hardly follows its input any more: ${fed} is so far from 0 that this ${kindOf(value)} is saturated.`];
    }
    if (traits.role === "regularization" && number === 0 && given !== 0) {
      return [`It is 0 because this ${kindOf(value)} drops ${fed} in this step.`];
    }
    return number === 0 ? [...withoutShare(this.batch, value, position)] : [];
  }

  /** What those that use the value let through of the gradient. */
  private ofGradient(id: ValueId, position: number): string[] {
    const gradient = this.batch.gradient(id)!.data[position]!;
    return this.batch.usersOf(id).flatMap((user) => {
      const traits = traitsAt(user);
      if (!this.batch.isAlike(id, user.id)) {
        return gradient === 0 ? [...this.notChosen(id, position, user), ...this.notLookedUp(id, position, user)] : [];
      }
      const given = this.batch.value(id).data[position]!;
      const number = this.batch.value(user.id).data[position]!;
      const result = `${elementName(this.batch, { id: user.id, of: "value" }, position)} = ${shown(number)}`;
      if (isFlatBelow(traits) && number === 0 && gradient === 0) {
        return [`It is 0 because ${result}: this ${kindOf(user)} is off ${this.share(user.id, position, isZero)}.`];
      }
      if (isSaturated(traits, number) && !this.batch.isInFrontOfLoss(id)) {
        const often = this.share(user.id, position, (each) => isSaturated(traits, each));
        const slope = this.slopeBetween(id, user, position);
        const flat = slope === undefined ? "it has hardly any slope" : `its slope is ${shown(slope)}`;
        return [`It is small because ${result}: this ${kindOf(user)} is saturated ${often}, where ${flat}.`];
      }
      if (traits.role === "regularization" && number === 0 && given !== 0 && gradient === 0) {
        return [
          `It is 0 because this ${kindOf(user)} drops ${elementName(this.batch, { id, of: "value" }, position)} in this step.`,
        ];
      }
      if (gradient !== 0) return [];
      return [...this.notChosen(id, position, user), ...lookedAtByNone(this.batch, id, position, user)];
    });
  }

  /** Of the only user, element by element; undefined where no gradient comes to it. */
  private slopeBetween(id: ValueId, user: Value, position: number): number | undefined {
    const above = this.batch.usersOf(id).length === 1 ? this.batch.gradient(user.id)?.data[position] : undefined;
    return above === undefined || above === 0 ? undefined : this.batch.gradient(id)!.data[position]! / above;
  }

  /** Of what takes the largest or smallest of several numbers. */
  private notChosen(id: ValueId, position: number, user: Value): string[] {
    const { index } = this.batch.tensor(id);
    const { nodes } = this.batch.built.graph;
    const name = elementName(this.batch, { id, of: "value" }, position);
    for (const node of nodes) {
      if (node.kind !== "op" || node.origin !== user.id) continue;
      const place = node.inputs.findIndex((input) => input.index === index);
      if (place < 0) continue;
      const which = choices.get(node.op);
      if (which !== undefined && this.slopeThrough(node, place, position) === 0) {
        return [`It is 0 because ${name} is not ${which} that this ${kindOf(user)} looks at.`];
      }
    }
    return [];
  }

  /** Of the sum of what an op gives; undefined where it takes more than values. */
  private slopeThrough({ op, inputs, attributes }: OpNode, place: number, position: number): number | undefined {
    const ids = inputs.map(
      ({ index }) => [...this.batch.built.tensors].find(([, tensor]) => tensor.index === index)?.[0],
    );
    const graph = new Graph();
    const given = inputs.map(({ shape }, at) => graph.feed(`${at}`, shape));
    const feeds = new Map<string, NdArray>();
    for (const [at, id] of ids.entries()) if (id !== undefined) feeds.set(`${at}`, this.batch.value(id));
    if (feeds.size < inputs.length) return undefined;
    const [slope] = gradients(graph.apply(op, given, attributes), [given[place]!]);
    if (!slope) return undefined;
    const evaluation = new Evaluation([slope]);
    evaluation.run(feeds, noRandomNumbers);
    return evaluation.value(slope).data[position]!;
  }

  /** Of a row of a table that is chosen from by number. */
  private notLookedUp(id: ValueId, position: number, user: Value): string[] {
    const { nodes } = this.batch.built.graph;
    const choosing = nodes.find((node) => node.kind === "op" && node.origin === user.id && node.op === any(oneHot));
    const [numbers] = this.batch.sourcesOf(user.id);
    const { shape } = this.batch.tensor(id);
    if (choosing?.kind !== "op" || numbers === undefined || choosing.shape.at(-1) !== shape[0]) return [];
    const [row] = indicesAt(shape, position);
    if (this.batch.value(numbers).data.includes(row!)) return [];
    const name = plainName(this.batch, { id: numbers, of: "value" });
    return [
      `It is 0 because the number ${row} is nowhere in ${name} of this batch: this ${kindOf(user)} did not look up its row.`,
    ];
  }

  /** The first factor that is 0, and why it is. */
  private zero({ expression, subjects }: Formula, element: Element, depth: number): string[] {
    const { terms } = termsOf(element);
    const leaves = terms.map((term) => term.factors.map(zeroLeaf).find((leaf) => leaf !== undefined));
    if (leaves.some((leaf) => leaf === undefined)) return [];
    const known = leaves.flatMap((leaf) => {
      const subject = subjects.get(leaf!.expression);
      return subject ? [{ subject, position: leaf!.position }] : [];
    });
    const [first] = known;
    if (!first || expression === leaves[0]!.expression) return first ? this.because(first, depth) : [];
    const all = terms.length === 1 ? "" : `all ${terms.length} terms are: in ${countOf(known, first)} of them `;
    const [because] = this.because(first, depth);
    return [because === undefined ? "" : because.replace("It is 0 because ", `It is 0 because ${all}`)].filter(Boolean);
  }

  private because({ subject, position }: { subject: Subject; position: number }, depth: number): string[] {
    const what = `${elementName(this.batch, subject, position)} = 0`;
    const why = this.of(subject, position, formulaOf(this.batch, subject), depth - 1);
    const reason = why.find((sentence) => sentence.startsWith("It is 0 because "));
    return [
      reason
        ? `It is 0 because ${what}, and that because ${reason.slice("It is 0 because ".length)}`
        : `It is 0 because ${what}.`,
    ];
  }

  /** A division by little makes much. */
  private divided(element: Element): string[] {
    const divisor = smallestDivisor(element, 12);
    if (divisor === undefined || divisor >= smallDivisor) return [];
    return [`It is large because the formula divides by ${shown(divisor)}.`];
  }

  private padding({ expression, position }: Element): string[] {
    const found = convolutionIn({ expression, position });
    if (!found) return [];
    const [, kernel] = (found.expression as Application).inputs.map(shapeOf);
    const all = sizeOf(kernel!.slice(1));
    const inside = factorsOf(found.expression as Application, found.position).length;
    return inside === all
      ? []
      : [`${all - inside} of the ${all} numbers under its window lie outside of the image and count as 0.`];
  }

  /** `for 93% of the batch`: of the same unit. */
  private share(id: ValueId, position: number, holds: (number: number) => boolean): string {
    const { data } = this.batch.value(id);
    const { batchSize } = this.batch.study;
    const stride = data.length / batchSize;
    const unit = position % stride;
    let count = 0;
    for (let sample = 0; sample < batchSize; sample++) if (holds(data[sample * stride + unit]!)) count++;
    if (count === batchSize) return "for the whole batch";
    return count === 1 ? `for this sample alone` : `for ${Math.round((100 * count) / batchSize)}% of the batch`;
  }
}

/** What an op chooses out of several numbers: the others get no gradient. */
const choices: ReadonlyMap<AnyOp, string> = new Map([
  [any(maxPool2d), "the largest number of any window"],
  [any(max), "the largest of the numbers"],
  [any(min), "the smallest of the numbers"],
  [any(maximum), "the larger of the two numbers"],
  [any(minimum), "the smaller of the two numbers"],
]);

/** Bounded by 0 on one side only: it is flat there. */
function isFlatBelow({ role, range, saturates }: Traits): boolean {
  return role === "activation" && !saturates && range?.[0] === 0 && range[1] === Number.POSITIVE_INFINITY;
}

function isSaturated({ range, saturates }: Traits, number: number): boolean {
  if (!saturates || !range) return false;
  const margin = nearBound * (range[1] - range[0]);
  return number <= range[0] + margin || number >= range[1] - margin;
}

const isZero = (number: number): boolean => number === 0;

/** The name or the comparison that makes an element 0; undefined when it is not 0. */
function zeroLeaf(element: Element): Element | undefined {
  const { expression, position } = element;
  if (numberAt(element) !== 0) return undefined;
  if (expression.kind !== "application") return element;
  const inner = movedFrom(element);
  if (inner) return zeroLeaf(inner);
  const { op, inputs } = expression;
  if (op === any(multiply) || op === any(negate) || op === any(divide)) {
    const factors = inputs.map((input) => ({ expression: input, position: placeIn(input, expression, position) }));
    return factors.map(zeroLeaf).find((leaf) => leaf !== undefined) ?? element;
  }
  if (op === any(select)) {
    const [condition, a, b] = inputs as readonly [Expression, Expression, Expression];
    const at = (input: Expression) => ({ expression: input, position: placeIn(input, expression, position) });
    return zeroLeaf(at(numberAt(at(condition)) !== 0 ? a : b)) ?? element;
  }
  const [first] = termsOf(element).terms;
  const factor = first?.factors.find((each) => each.expression !== expression && numberAt(each) === 0);
  return factor ? zeroLeaf(factor) : element;
}

function countOf(known: readonly { readonly subject: Subject }[], { subject }: { readonly subject: Subject }): number {
  return known.filter((each) => each.subject.id === subject.id && each.subject.of === subject.of).length;
}

/** By magnitude, among the divisions that the whole element goes through. */
function smallestDivisor(element: Element, depth: number): number | undefined {
  const { expression, position } = element;
  if (expression.kind !== "application" || depth === 0) return undefined;
  const inner = movedFrom(element);
  if (inner) return smallestDivisor(inner, depth - 1);
  const { op, inputs } = expression;
  if (![add, subtract, multiply, negate, divide].map(any).includes(op)) return undefined;
  const elements = inputs.map((input) => ({ expression: input, position: placeIn(input, expression, position) }));
  const divided = op === any(divide) ? elements.slice(0, 1) : elements;
  const found = divided.map((each) => smallestDivisor(each, depth - 1)).filter((each) => each !== undefined);
  if (op === any(divide)) found.push(Math.abs(numberAt(elements[1]!)));
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The convolution that gives an element, apart from what is added to it. */
function convolutionIn(element: Element): Element | undefined {
  const { expression, position } = element;
  if (expression.kind !== "application") return undefined;
  if (expression.op === any(conv2d)) return element;
  const inner = movedFrom(element);
  if (inner) return convolutionIn(inner);
  if (expression.op !== any(add)) return undefined;
  return expression.inputs
    .map((input) => convolutionIn({ expression: input, position: placeIn(input, expression, position) }))
    .find((found) => found !== undefined);
}
