// `nnet run … --input FILE --output FILE`: every row of a table through a network, into another table.

import { Presets, SingleBar } from "cli-progress";
import { formatCount, formatNumber } from "../../language/format-number";
import type { LoadedFile } from "../load";
import { Prediction, type PredictionOrder, type PredictionProgress, scaleOf } from "../prediction";
import { count, writeJson } from "../report";
import { CommandError, type ExitCode, exit, type Terminal } from "../terminal";
import { type Subject, type WeightsOptions, weightsOf } from "./weights";

export interface RowsOptions extends WeightsOptions {
  readonly input: string;
  readonly output: string;
  readonly columns?: string;
}

/** The table is looked at before the training, which may take long. */
export async function runRows(
  file: LoadedFile,
  subject: Subject,
  options: RowsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { network, training, saved } = subject;
  const { json, input, output, columns, untrained } = options;
  if (!training && !saved && !untrained) {
    throw new CommandError(
      `no training of ${file.path} trains ${network.name}: add one, name a --checkpoint, or take fresh weights with --untrained`,
    );
  }
  const order: PredictionOrder = {
    network,
    input,
    output,
    ...(columns !== undefined && { columns }),
    ...(training && {
      trainedOn: { data: training.data, summary: (await file.data.get(training.data, file.folder)).summary },
    }),
  };
  const prediction = await Prediction.open(order, terminal);
  try {
    if (training && !saved && !untrained && !json) terminal.error(`first the training ${training.name}\n`);
    const weights = await weightsOf(file, subject, options, terminal);
    if (!weights) return exit.interrupted;
    const bar = terminal.interactive && !json ? rowsBar() : undefined;
    const start = terminal.now();
    const end = await prediction.run(weights, (progress) => bar?.at(progress)).finally(() => bar?.end());
    if (end.kind === "interrupted") {
      terminal.error(`${output} was not written\n`);
      return exit.interrupted;
    }
    const { rows, notFinite } = end;
    const seconds = (terminal.now() - start) / 1000;
    if (json) {
      writeJson(terminal, { type: "rows", output, rows, notFinite, weights: weights.description, seconds });
      return exit.ok;
    }
    const scale = scaleOf(order);
    const scaled = scale === 1 ? "" : `, inputs times ${formatNumber(scale)} as in ${training!.data.name}`;
    terminal.out(
      `${output}: ${count(rows, "row")} in ${seconds.toFixed(1)} s, weights ${weights.description}${scaled}\n`,
    );
    if (notFinite > 0) terminal.error(`${count(notFinite, "row")} of ${output} gave NaN or infinity\n`);
    return exit.ok;
  } finally {
    await prediction.close();
  }
}

/** How much of the input is read: how many rows it has is known at its end. */
function rowsBar(): { at(progress: PredictionProgress): void; end(): void } {
  const bar = new SingleBar(
    {
      stream: process.stdout,
      format: "{bar} {percentage}% · {rows} rows",
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { rows: "0" });
  return {
    at: ({ size, bytesRead, rows }) => bar.update(bytesRead / Math.max(size, 1), { rows: formatCount(rows) }),
    end: () => bar.stop(),
  };
}
