// `nnet run … --input rows.csv --output outputs.csv`: a row in, a row out. Rows go through in batches, so that a million of
// them need no more memory than some hundred.

import { resolve } from "node:path";
import { columnNumber } from "../../engine/data/csv-cells";
import { CsvStream } from "../../engine/data/csv-stream";
import { type FileInPieces, openInPieces } from "../../engine/data/files";
import { formatShape, sizeOf } from "../../engine/model/shape";
import type { NdArray, Shape } from "../../engine/protocol/array";
import type { DataSummary } from "../../engine/protocol/data";
import type { DataDeclaration, Network } from "../../engine/protocol/network";
import { NewFile } from "../../engine/runtime/new-file";
import { Predictor } from "../../engine/runtime/predictor";
import { predictedClass, type WeightsInUse } from "../../engine/runtime/run";
import { traitsOfValue } from "../language/lint/network-view";
import { CommandError, type Terminal } from "./terminal";

const batchSize = 256; // Samples; larger ones are hardly faster.

export interface PredictionOrder {
  readonly network: Network;
  /** Of rows, as the user wrote it. */
  readonly input: string;
  /** Names or numbers of the columns that go in, parted by commas; all when absent. */
  readonly columns?: string;
  /** Where the results go, as the user wrote it. */
  readonly output: string;
  /** What the network is trained on: its inputs are scaled alike, and it knows names of columns and classes. */
  readonly trainedOn?: { readonly data: DataDeclaration; readonly summary: DataSummary };
}

export interface PredictionProgress {
  /** Bytes of the input. */
  readonly size: number;
  readonly bytesRead: number;
  readonly rows: number;
}

export type PredictionEnd =
  /** `notFinite` are the rows with NaN or ∞ among their outputs. */
  { readonly kind: "finished"; readonly rows: number; readonly notFinite: number } | { readonly kind: "interrupted" };

export class Prediction {
  private constructor(
    private readonly order: PredictionOrder,
    private readonly file: FileInPieces,
    private readonly rows: CsvStream,
    private readonly written: NewFile,
    /** Columns of the table, in the order of the network's inputs. */
    private readonly selected: readonly number[],
    private readonly terminal: Terminal,
  ) {}

  /** Reads the header, writes nothing yet. To be closed. Throws DataError or CommandError when file and network do not fit. */
  static async open(order: PredictionOrder, terminal: Terminal): Promise<Prediction> {
    const file = await openInPieces(terminal.folder, order.input, "input");
    try {
      const rows = await CsvStream.open(order.input, file.pieces);
      const selected = selectedColumns(order, rows);
      const written = await NewFile.create(order.output, resolve(terminal.folder, order.output));
      return new Prediction(order, file, rows, written, selected, terminal);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Throws DataError at the first row that does not fit. */
  async run({ weights }: WeightsInUse, onProgress: (progress: PredictionProgress) => void): Promise<PredictionEnd> {
    const { order, terminal, file, written } = this;
    const { network, trainedOn } = order;
    const predictor = new Predictor(network, weights);
    const table = new OutputTable(network, trainedOn?.summary.classes);
    let interrupted = false;
    const ignore = terminal.onInterrupt(() => {
      interrupted = true;
    });
    let rows = 0;
    let notFinite = 0;
    try {
      await written.write(table.header);
      for await (const batch of this.batches()) {
        const text = table.lines(predictor.predict(batch), batch.shape[0]!);
        await written.write(text.lines);
        rows += batch.shape[0]!;
        notFinite += text.notFinite;
        onProgress({ size: file.size, bytesRead: file.bytesRead(), rows });
        await terminal.pause();
        if (interrupted) return { kind: "interrupted" };
      }
      await written.finish();
      return { kind: "finished", rows, notFinite };
    } finally {
      ignore();
    }
  }

  /** What was not written to its end is gone then. */
  async close(): Promise<void> {
    this.file.close();
    await this.written.discard();
  }

  private async *batches(): AsyncGenerator<NdArray, void, undefined> {
    const scale = scaleOf(this.order);
    for await (const batch of this.rows.batches(this.selected, batchSize)) {
      if (scale !== 1) for (let index = 0; index < batch.data.length; index++) batch.data[index]! *= scale;
      yield batch;
    }
  }
}

/** What the inputs of the rows are multiplied by, as those of the training's data were. */
export function scaleOf({ trainedOn }: PredictionOrder): number {
  const scale = trainedOn?.data.source.arguments.scale;
  return typeof scale === "number" ? scale : 1;
}

/** Those that were asked for; by the names the training's data have, if the table has them all; else all in their order. */
function selectedColumns(
  { network, input, columns, trainedOn }: PredictionOrder,
  { columns: table }: CsvStream,
): number[] {
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const width = inputs.reduce((sum, { shape = [] }) => sum + sizeOf(shape), 0);
  const needed = `${network.name} takes ${inputs.map(({ id, shape = [] }) => `${id}: ${formatShape(shape)}`).join(", ")}, ${width} numbers`;
  if (columns !== undefined) {
    const wanted = columns.split(",").map((column) => column.trim());
    if (wanted.length !== width) throw new CommandError(`--columns names ${wanted.length} columns, but ${needed}`);
    return wanted.map((column) => {
      const isNumber = /^-?\d+$/.test(column) && !table.header?.includes(column);
      return columnNumber(table, isNumber ? Number(column) : column, "columns");
    });
  }
  const { features } = trainedOn?.summary ?? {};
  if (features?.length === width && features.every((feature) => table.header?.includes(feature))) {
    return features.map((feature) => table.header!.indexOf(feature));
  }
  if (table.width !== width) {
    throw new CommandError(
      `${input} has ${table.width} columns, but ${needed}: say which with --columns, by name or number`,
    );
  }
  return Array.from({ length: width }, (_, column) => column);
}

/** The rows of the results: `prediction,probability,output[cat],output[dog]`. */
class OutputTable {
  readonly header: string;
  private readonly classes: readonly string[] | undefined;
  /** Whether the first output's largest number, or the only one and what is left of 1, are probabilities. */
  private readonly isProbable: boolean;

  /** `classes` when the targets of the training are classes. */
  constructor({ outputs, values }: Network, classes: readonly string[] | undefined) {
    const byId = new Map(values.map((value) => [value.id, value]));
    const first = byId.get(outputs[0]!.value)!;
    const size = sizeOf(first.shape ?? []);
    this.classes = size === classes?.length || (size === 1 && classes?.length === 2) ? classes : undefined;
    const { gives } = traitsOfValue(first);
    this.isProbable =
      this.classes !== undefined && (gives === "probabilities" || (gives === "probability" && size === 1));
    const names = outputs.flatMap(({ name, value }, index) => {
      const shape = byId.get(value)!.shape ?? [];
      return index === 0 && size === this.classes?.length
        ? this.classes.map((label) => `${name}[${label}]`)
        : elementNames(name, shape);
    });
    const verdict = [...(this.classes ? ["prediction"] : []), ...(this.isProbable ? ["probability"] : [])];
    this.header = `${[...verdict, ...names].map(cell).join(",")}\n`;
  }

  lines(
    outputs: ReturnType<Predictor["predict"]>,
    rows: number,
  ): { readonly lines: string; readonly notFinite: number } {
    let notFinite = 0;
    const lines: string[] = [];
    for (let row = 0; row < rows; row++) {
      const samples = outputs.map((output) => output.sample(row));
      if (!samples.every((sample) => sample.every(Number.isFinite))) notFinite++;
      lines.push([...this.verdict(samples[0]!), ...samples.flatMap((sample) => [...sample])].join(","));
    }
    return { lines: lines.map((line) => `${line}\n`).join(""), notFinite };
  }

  private verdict(output: Float64Array): (string | number)[] {
    if (!this.classes) return [];
    const prediction = cell(predictedClass(output, this.classes) ?? "");
    if (!this.isProbable) return [prediction];
    const probability = output.length === 1 ? Math.max(output[0]!, 1 - output[0]!) : Math.max(...output);
    return [prediction, probability];
  }
}

/** `output`, `output[0]`, `output[0;1]`: a comma would part columns. */
function elementNames(name: string, shape: Shape): string[] {
  if (sizeOf(shape) === 1) return [name];
  const indices = shape.reduce<string[]>(
    (before, size) =>
      before.flatMap((index) => Array.from({ length: size }, (_, next) => `${index}${index && ";"}${next}`)),
    [""],
  );
  return indices.map((index) => `${name}[${index}]`);
}

/** In quotes where CSV needs them. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
