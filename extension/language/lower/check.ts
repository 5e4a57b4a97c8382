// `check "…" on Network(inputs) { … }` → Check: the inputs as a batch, what is given, and what is expected. After a
// training there is nothing to give.

import { formatShape, sameShape, sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Check, CheckStatement, Training, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { CheckDeclaration, ExpectStatement, Expression, GivenStatement } from "../ast";
import type { Code } from "../diagnostics";
import { argumentValue, catalogCall } from "./arguments";
import { namesClasses } from "./class-indices";
import { noAttributes, tensorLiteral } from "./constants";
import { type Context, oneLine } from "./context";
import { type Read, readEntries, readEntry } from "./entries";
import { Expressions, isComparison } from "./expression";
import { reshapeLiteral, transposeLiteral } from "./fixes";
import { FormulaScope, type Frame } from "./formulas";
import { lossProblem, lowerLoss } from "./loss";
import type { LoweredNetwork } from "./network";
import type { BoundUse } from "./signature";
import { ValueTable } from "./values";

const entryNames = {
  body: "check",
  known: ["target", "loss", "optimizer", "reduction", "upstream", "tolerance"],
} as const;

const defaultTolerance = 1e-4;

export interface CheckParts {
  readonly use: BoundUse;
  readonly network: LoweredNetwork;
  /** Called for every value of the network that the check looks at. */
  readonly observed: (id: ValueId) => void;
}

/** Undefined after reporting why it cannot run. */
export function lowerCheck(
  context: Context,
  declaration: CheckDeclaration,
  subject: { readonly name: string; readonly range: Range },
  { use, network: lowered, observed }: CheckParts,
): Check | undefined {
  const { network } = lowered;
  const inputs = lowerInputs(context, lowered, use, declaration);
  const entries = readEntries(
    context,
    declaration.statements.filter((statement) => statement.kind === "entry"),
    entryNames,
  );
  const read = <T>(key: (typeof entryNames.known)[number], take: (value: Expression) => T | undefined): Read<T> =>
    readEntry(entries.get(key), take);
  const optimizer = read("optimizer", (value) => catalogCall(context, "optimizer", value, noAttributes)?.call);
  const tolerance = read("tolerance", (value) => lowerTolerance(context, value));
  const reduction = read("reduction", (value) => {
    const chosen = argumentValue(context, "reduction", reductionType, value, noAttributes);
    return chosen === "sum" || chosen === "mean" ? chosen : undefined;
  });
  const output = lowered.shapeOf(network.outputs[0]?.value);
  // Which dimensions of a target are the batch depends on the loss; the loss's own errors are told with the target known.
  const fits = (shape: Shape): string | undefined => targetProblem(context, lowered, entries.get("loss"), shape);
  const target = read("target", (value) => lowerTarget(context, value, inputs, output?.shape, fits));
  const loss = read("loss", (value) => lowerLoss(context, value, lowered, target.value?.shape.slice(1)));
  for (const id of loss.value?.observed ?? []) observed(id);
  const indexed =
    !target.value ||
    !loss.value ||
    !output ||
    namesClasses(context, loss.value.loss, output.shape, target.value, entries.get("target")!);
  const upstream = read("upstream", (value) => lowerUpstream(context, value, inputs, output?.shape));
  const compares = loss.value?.usesTarget === true;
  if (compares && !entries.has("target")) context.reporter.report("needs-target", loss.value!.range, ["a loss"]);

  const table = new ValueTable(context);
  const frame: Frame = {
    batchSize: inputs?.batchSize,
    singleSample: inputs?.singleSample ?? true,
    target: target.value,
    hasTarget: entries.has("target"),
    hasLoss: entries.has("loss"),
    after: undefined,
  };
  const scope = new FormulaScope(context, table, lowered, frame, observed);
  const { given, statements, sound } = lowerStatements(context, declaration, {
    table,
    scope,
    lowered,
    hasOptimizer: entries.has("optimizer"),
  });
  if (!network.complete) {
    const related = [{ range: network.nameRange, message: `${network.name} is declared here` }];
    context.reporter.report("network-error", subject.range, [network.name], { related });
  }
  const parts = [loss, optimizer, tolerance, reduction, target, upstream];
  if (!sound || !indexed || !network.complete || inputs === undefined || !use.ok || parts.some(({ ok }) => !ok))
    return undefined;
  if (table.values.some(({ shape }) => shape === undefined) || (compares && !target.value)) return undefined;
  return {
    title: declaration.title.value,
    documentation: declaration.documentation,
    range: declaration.range,
    titleRange: declaration.title.range,
    network,
    inputs: inputs.arrays,
    batchSize: inputs.batchSize,
    singleSample: inputs.singleSample,
    ...(target.value ? { target: target.value } : {}),
    ...(loss.value ? { loss: loss.value.loss } : {}),
    reduction: reduction.value ?? "mean",
    ...(upstream.value ? { upstream: upstream.value } : {}),
    ...(optimizer.value ? { optimizer: optimizer.value } : {}),
    given,
    tolerance: tolerance.value ?? defaultTolerance,
    formulas: table.values,
    statements,
  };
}

/** `check "…" after TrainName`: what came of a training. Undefined after reporting why it cannot run. */
export function lowerCheckAfter(
  context: Context,
  declaration: CheckDeclaration,
  after: Training | Pick<Training, "name" | "network">,
  lowered: LoweredNetwork,
  observed: (id: ValueId) => void,
): Check | undefined {
  const written = declaration.statements.filter((statement) => statement.kind === "entry");
  const misplaced = (name: string, range: Range) => context.reporter.report("after-entry", range, [name, after.name]);
  const others: readonly string[] = entryNames.known.filter((name) => name !== "tolerance");
  for (const { key } of written) if (others.includes(key.name)) misplaced(`\`${key.name}\``, key.range);
  const own = written.filter(({ key }) => !others.includes(key.name));
  const entries = readEntries(context, own, { ...entryNames, known: ["tolerance"] });
  const tolerance = readEntry(entries.get("tolerance"), (value) => lowerTolerance(context, value));
  const table = new ValueTable(context);
  const frame: Frame = {
    batchSize: undefined,
    singleSample: true,
    target: undefined,
    hasTarget: true,
    hasLoss: true,
    after: after.name,
  };
  const scope = new FormulaScope(context, table, lowered, frame, observed);
  const onInputs = declaration.statements.filter(({ kind }) => kind === "step" || kind === "given");
  for (const { kind, range } of onInputs) misplaced(`\`${kind}\``, range);
  const expected = { ...declaration, statements: declaration.statements.filter((one) => !onInputs.includes(one)) };
  const { statements, sound } = lowerStatements(context, expected, { table, scope, lowered, hasOptimizer: false });
  if (!sound || !tolerance.ok || onInputs.length > 0 || own.length < written.length) return undefined;
  if (!("data" in after) || table.values.some(({ shape }) => shape === undefined)) return undefined;
  const { title, documentation, range } = declaration;
  return {
    title: title.value,
    documentation,
    range,
    titleRange: title.range,
    network: after.network,
    inputs: {},
    batchSize: 1,
    singleSample: true,
    reduction: "mean",
    given: [],
    tolerance: tolerance.value ?? defaultTolerance,
    formulas: table.values,
    statements,
    after,
  };
}

interface Formulas {
  readonly table: ValueTable;
  readonly scope: FormulaScope;
  readonly lowered: LoweredNetwork;
  readonly hasOptimizer: boolean;
}

/** `sound` is false after reporting what is wrong. */
function lowerStatements(
  context: Context,
  declaration: CheckDeclaration,
  { table, scope, lowered, hasOptimizer }: Formulas,
): { given: Check["given"][number][]; statements: CheckStatement[]; sound: boolean } {
  const expressions = new Expressions(context, table, scope);
  const given: Check["given"][number][] = [];
  const statements: CheckStatement[] = [];
  let sound = true;
  for (const statement of declaration.statements) {
    if (statement.kind === "given") {
      const lowering = lowerGiven(context, statement, scope, lowered);
      if (lowering === undefined) sound = false;
      else given.push(lowering);
    } else if (statement.kind === "step") {
      if (!hasOptimizer) context.reporter.report("needs-optimizer", statement.range, []);
      sound &&= hasOptimizer;
      statements.push({ kind: "step", range: statement.range });
    } else if (statement.kind === "expect") {
      const lowering = lowerExpect(context, statement, expressions, table);
      if (lowering === undefined) sound = false;
      else statements.push(lowering);
    }
  }
  if (!declaration.statements.some(({ kind }) => kind === "expect")) {
    context.reporter.report("nothing-expected", declaration.title.range, []);
  }
  return { given, statements, sound };
}

function lowerTolerance(context: Context, value: Expression): number | undefined {
  return asNumber(argumentValue(context, "tolerance", { kind: "number", min: 0 }, value, noAttributes));
}

const reductionType = { kind: "choice", choices: ["mean", "sum"] } as const;

interface CheckInputs {
  readonly arrays: Readonly<Record<ValueId, NdArray>>;
  readonly batchSize: number;
  readonly singleSample: boolean;
}

/** A literal of the declared rank is one sample, one rank more is a batch. */
function lowerInputs(
  context: Context,
  { network }: LoweredNetwork,
  use: BoundUse,
  { subject }: CheckDeclaration,
): CheckInputs | undefined {
  const written = subject.kind === "on" ? subject.arguments : [];
  const arrays: Record<ValueId, NdArray> = {};
  let first: { readonly id: ValueId; readonly size: number | undefined; readonly range: Range } | undefined;
  let sound = true;
  for (const { id, shape, source, range: declared } of network.values) {
    if (source.kind !== "input") continue;
    const given = use.values[id];
    const range = use.ranges[id];
    if (shape === undefined || range === undefined || !isArray(given)) {
      sound = false;
      continue;
    }
    const size = given.shape.length === shape.length ? undefined : given.shape[0]!;
    const sample = size === undefined ? given.shape : given.shape.slice(1);
    if (!sameShape(sample, shape)) {
      const related = [{ range: declared, message: `${id} is ${formatShape(shape)}` }];
      const literal = written.find(({ value }) => value.range === range)?.value;
      const fixes = literal ? reshapeLiteral(context, literal, shape) : [];
      const words = [id, formatShape(shape), formatShape(given.shape)] as const;
      context.reporter.report("input-shape", range, [...words], { related, fixes });
      sound = false;
      continue;
    }
    if (first !== undefined && first.size !== size) {
      const related = [{ range: first.range, message: `${first.id} has ${samplesInWords(first.size)}` }];
      const words = [first.id, samplesInWords(first.size), id, samplesInWords(size)] as const;
      context.reporter.report("batch-size", range, [...words], { related });
      sound = false;
      continue;
    }
    first ??= { id, size, range };
    arrays[id] = size === undefined ? { shape: [1, ...given.shape], data: given.data } : given;
  }
  return sound ? { arrays, batchSize: first?.size ?? 1, singleSample: first?.size === undefined } : undefined;
}

function samplesInWords(size: number | undefined): string {
  return size === undefined ? "one sample" : `a batch of ${size}`;
}

/** Why the loss cannot take targets of a shape; undefined when it can, or when it is wrong anyway. */
function targetProblem(
  context: Context,
  network: LoweredNetwork,
  written: Expression | undefined,
  shape: Shape,
): string | undefined {
  const output = network.shapeOf(network.network.outputs[0]?.value)?.shape;
  const problems: string[] = [];
  const reporter = {
    isFull: false,
    report: (code: Code, _: Range, parameters: readonly unknown[]) => {
      if (code === "shape") problems.push(String(parameters[0]));
    },
  };
  const loss = lowerLoss({ ...context, reporter, mention: () => {} }, written, network, shape)?.loss;
  if (loss?.kind === "call") return output && lossProblem(loss.call, output, shape);
  return problems[0];
}

/** As the loss takes it, with the batch dimension in front. */
function lowerTarget(
  context: Context,
  expression: Expression,
  inputs: CheckInputs | undefined,
  output: Shape | undefined,
  problemOf: (sample: Shape) => string | undefined,
): NdArray | undefined {
  const written = tensorLiteral(context, expression, noAttributes);
  if (written === undefined || inputs === undefined) return undefined;
  const asBatch = written.shape[0] === inputs.batchSize ? written : undefined;
  const asSample = inputs.singleSample ? { shape: [1, ...written.shape], data: written.data } : undefined;
  const readings = [asSample, asBatch].filter((array) => array !== undefined);
  const problems = readings.map(({ shape }) => problemOf(shape.slice(1)));
  const fitting = readings[problems.indexOf(undefined)];
  if (fitting !== undefined) return fitting;
  const reason = problems[0] ?? `it needs one row for each of the ${inputs.batchSize} samples`;
  // Like the output, or a single number for each sample.
  const samples = [output, []].filter((sample) => sample !== undefined && problemOf(sample) === undefined);
  const shapes = samples.map((sample) => (inputs.singleSample ? sample! : [inputs.batchSize, ...sample!]));
  const fixes = shapes.flatMap((shape) => reshapeLiteral(context, expression, shape)).slice(0, 1);
  context.reporter.report("target-shape", expression.range, [formatShape(written.shape), reason], { fixes });
  return undefined;
}

function lowerUpstream(
  context: Context,
  expression: Expression,
  inputs: CheckInputs | undefined,
  output: Shape | undefined,
): NdArray | undefined {
  const written = tensorLiteral(context, expression, noAttributes);
  if (written === undefined || inputs === undefined || output === undefined) return undefined;
  const full = [inputs.batchSize, ...output];
  if (sameShape(written.shape, full)) return written;
  if (inputs.singleSample && sameShape(written.shape, output)) return { shape: full, data: written.data };
  const needed = formatShape(inputs.singleSample ? output : full);
  context.reporter.report("upstream-shape", expression.range, [needed, formatShape(written.shape)]);
  return undefined;
}

function lowerGiven(
  context: Context,
  { target, value }: GivenStatement,
  scope: FormulaScope,
  { network }: LoweredNetwork,
): Check["given"][number] | undefined {
  const data = tensorLiteral(context, value, scope.attributes);
  if (target.kind === "missing") return undefined;
  const id = scope.subjectOf(target);
  if (id.kind === "silent") return undefined;
  const parameter = id.kind === "id" ? network.parameters.find((candidate) => candidate.id === id.id) : undefined;
  if (parameter === undefined) {
    context.reporter.report("given-target", target.range, [oneLine(context.text, target.range, 30)]);
    return undefined;
  }
  if (data === undefined) return undefined;
  if (sameShape(data.shape, parameter.shape)) return { parameter: parameter.id, data };
  if (data.shape.length === 0) {
    const filled = new Float64Array(sizeOf(parameter.shape)).fill(data.data[0]!);
    return { parameter: parameter.id, data: { shape: parameter.shape, data: filled } };
  }
  const related = [{ range: parameter.range, message: `${parameter.id} is ${formatShape(parameter.shape)}` }];
  const words = [parameter.id, formatShape(parameter.shape), formatShape(data.shape)] as const;
  // PyTorch's weights are [out, in].
  const isTurned = data.shape.length === 2 && sameShape([...data.shape].reverse(), parameter.shape);
  const fixes = isTurned
    ? transposeLiteral(context, value, data.shape)
    : reshapeLiteral(context, value, parameter.shape);
  context.reporter.report("given-shape", value.range, [...words], { related, fixes });
  return undefined;
}

function lowerExpect(
  context: Context,
  { condition, range }: ExpectStatement,
  expressions: Expressions,
  table: ValueTable,
): CheckStatement | undefined {
  if (condition.kind === "missing") return undefined;
  if (condition.kind !== "binary" || !isComparison(condition.operator)) {
    expressions.lower(condition);
    context.reporter.report("expect-comparison", condition.range, []);
    return undefined;
  }
  const left = expressions.lower(condition.left);
  const right = expressions.lower(condition.right);
  if (left === undefined || right === undefined) return undefined;
  const { operator } = condition;
  const [leftShape, rightShape] = [left, right].map((id) => table.shapeOf(id)?.shape);
  const expect = { kind: "expect", text: oneLine(context.text, condition.range), range, comparison: operator } as const;
  if (leftShape === undefined || rightShape === undefined || sameShape(leftShape, rightShape)) {
    return { ...expect, left, right };
  }
  // A number written on one side stands for each element of the other.
  const filledLeft = filled(table, left, rightShape);
  if (filledLeft !== undefined) return { ...expect, left: filledLeft, right };
  const filledRight = filled(table, right, leftShape);
  if (filledRight !== undefined) return { ...expect, left, right: filledRight };
  if (rightShape.length === 0 && operator !== "==" && operator !== "!=") return { ...expect, left, right };
  const shapes = [formatShape(leftShape), formatShape(rightShape)] as const;
  const related = [
    { range: condition.left.range, message: `this is ${shapes[0]}` },
    { range: condition.right.range, message: `this is ${shapes[1]}` },
  ];
  context.reporter.report("expect-shape", condition.range, [...shapes], { related });
  return undefined;
}

/** A literal number repeated to a shape; undefined for anything else. */
function filled(table: ValueTable, id: ValueId, shape: Shape): ValueId | undefined {
  const value = table.values.find((candidate) => candidate.id === id);
  if (value?.source.kind !== "constant" || value.source.data.shape.length > 0) return undefined;
  const data = { shape, data: new Float64Array(sizeOf(shape)).fill(value.source.data.data[0]!) };
  return table.constant(data, { title: value.title, range: value.range, naming: undefined });
}

function isArray(value: unknown): value is NdArray {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
