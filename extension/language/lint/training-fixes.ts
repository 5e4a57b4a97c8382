// Fixes for trainings whose network, data and loss do not fit.

import { documentation, expectedBy, namesOf } from "../../../engine/model/catalog";
import { inferLayer, type SampleShape } from "../../../engine/model/infer";
import { formatShape, ShapeError, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { DataSummary } from "../../../engine/protocol/data";
import type { Diagnostic, Fix } from "../../../engine/protocol/diagnostic";
import type { DataDeclaration, Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { TrainDeclaration } from "../ast";
import { isImported, layerWith, NetworkView, traitsOfValue } from "./network-view";
import { declareInput, setWidth } from "./sizes";
import type { SourceEdits } from "./source-edits";
import type { World } from "./world";

export function fixClassCount({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  const output = training?.view.output;
  const classes = training?.summary.classes?.length;
  if (training === undefined || output === undefined || classes === undefined) return [];
  return [setWidth(world.edits, training.view, output, classes)];
}

export function fixDataShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  if (training === undefined) return [];
  const { view, data, summary } = training;
  const input = view.network.values.find(({ source }) => source.kind === "input");
  if (input?.shape === undefined) return [];
  const docs = documentation("dataset", data.source.name);
  const reshape = docs?.arguments.find(({ type }) => type.kind === "shape");
  const source = world.edits.data(data.nameRange)?.source;
  const fits = sizeOf(input.shape) === sizeOf(summary.inputShape);
  const reshaped =
    fits && reshape && source
      ? world.edits.setCallArgument(source, docs!, reshape.name, formatShape(input.shape))
      : undefined;
  return [reshaped, declareInput(world.file, view.network, input, summary.inputShape)];
}

export function fixLossShape({ range }: Diagnostic, world: World): readonly (Fix | undefined)[] {
  const training = trainingAt(range, world);
  const output = training?.view.output;
  if (training === undefined || output?.shape === undefined) return [];
  const { edits } = world;
  const { view, summary, declaration } = training;
  const { targetShape, classes } = summary;
  const expected = expectedBy(edits.textOf(range));
  const place = edits.entry(declaration, "loss");
  const changeLoss = (expects: string): Fix | undefined => {
    const name = namesOf("loss").find((loss) => expectedBy(loss) === expects);
    if (name === undefined || place === undefined || (place.kind !== "name" && place.kind !== "call")) return undefined;
    return { title: `Use ${name}`, edits: [{ range: place.range, newText: name }] };
  };
  if (output.shape.length > 1 && targetShape.length <= 1) return [flatten(view, output, edits)];
  const width = output.shape.at(-1) ?? 1;
  if (expected === "probabilities" && width < 2) {
    const forTwo = classes === undefined || classes.length === 2 ? changeLoss("probability") : undefined;
    return [forTwo, setWidth(edits, view, output, classes?.length ?? 2)];
  }
  if (expected !== undefined && expected !== "probabilities" && targetShape.length <= 1) {
    const forClasses = classes !== undefined && targetShape.length === 0 && width >= classes.length;
    return [forClasses ? changeLoss("probabilities") : undefined, setWidth(edits, view, output, targetShape[0] ?? 1)];
  }
  return [setWidth(edits, view, output, targetShape.at(-1) ?? 1)];
}

interface TrainingParts {
  readonly declaration: TrainDeclaration;
  readonly view: NetworkView;
  readonly data: DataDeclaration;
  readonly summary: DataSummary;
}

/** The training that has an error at a place, as far as its own file declares it. */
function trainingAt(range: Range, { file, module, summaryOf }: World): TrainingParts | undefined {
  const declaration = file.declarations.find(
    (candidate) =>
      candidate.kind === "train" && candidate.range.start <= range.start && range.end <= candidate.range.end,
  );
  if (declaration?.kind !== "train") return undefined;
  const network = module.networks.find(({ name }) => name === declaration.network.name);
  const data = module.data.find(({ name }) => name === declaration.data.name);
  const summary = data && summaryOf(data);
  if (network === undefined || isImported(network) || data === undefined || summary === undefined) {
    return undefined;
  }
  return { declaration, view: new NetworkView(network), data, summary };
}

/** One vector for each sample before the first layer with weights from which on everything takes it. */
function flatten(view: NetworkView, output: Value, edits: SourceEdits): Fix | undefined {
  const layer = layerWith(({ flattens }) => flattens === true);
  if (layer === undefined) return undefined;
  const line = [...view.backwards(output, () => true)].reverse();
  const place = line.findIndex((value, index) => {
    const shape = line[index - 1]?.shape;
    // The text of a block belongs to all its uses.
    const isOwn = value.path === undefined;
    return (
      isOwn && traitsOfValue(value).role === "linear" && shape !== undefined && takesVector(line.slice(index), shape)
    );
  });
  return place < 0 ? undefined : edits.insertBefore(line[place]!.range, layer);
}

/** Whether layers, one behind the other, end in a vector when the first gets all numbers of this shape as one. */
function takesVector(layers: readonly Value[], shape: Shape): boolean {
  let sample: SampleShape = { shape: [sizeOf(shape)], batched: true };
  try {
    for (const { source } of layers) {
      if (source.kind !== "layer") return false;
      sample = inferLayer(source.layer, source.arguments, [sample]).output;
    }
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
  return sample.shape.length <= 1;
}
