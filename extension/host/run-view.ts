// The Run command: one sample of a data set, or typed numbers, through a network; the result in a read-only page beside.

import * as vscode from "vscode";
import type { NdArray } from "../../engine/protocol/array";
import type { DataSummary } from "../../engine/protocol/data";
import type { DataDeclaration, Network, ValueId } from "../../engine/protocol/network";
import type { RunResult } from "../../engine/protocol/snapshot";
import type { RunOrder } from "../../engine/protocol/worker";
import { chooseNetwork, type Place } from "./choose";
import type { DataDescriptions } from "./data-descriptions";
import { waitFor } from "./patience";
import { columnBeside, fileName } from "./places";
import { problemAt } from "./problem";
import { describeRun, readNumbers, readSampleNumber } from "./run-text";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

const scheme = "nnet-run";

export class RunView implements vscode.Disposable {
  private readonly pages = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly provider: vscode.Disposable;

  constructor(
    private readonly sessions: Sessions,
    private readonly data: DataDescriptions,
  ) {
    this.provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.changes.event,
      provideTextDocumentContent: (uri) => this.pages.get(uri.toString()) ?? "",
    });
  }

  async run(place: Place): Promise<void> {
    const network = await chooseNetwork(place);
    if (!network) return;
    const { uri } = place.document;
    const session = this.sessions.of(uri);
    const instance = instanceOf(network, place, session);
    const samples = this.sampleSets(instance.network, place, session);
    const input = await askInput(instance.network, samples);
    if (!input) return;
    const order = { network: instance.network, folder: session.folder, seed: instance.seed, input };
    const result = await this.resultOf(order, session, place, network);
    const from = input.kind === "sample" ? samples.find(({ data }) => data === input.data)?.summary : undefined;
    await this.show(uri, network.name, describeRun(network.name, result, from));
  }

  dispose(): void {
    this.provider.dispose();
    this.changes.dispose();
  }

  private async resultOf(order: RunOrder, session: Session, { document }: Place, network: Network): Promise<RunResult> {
    try {
      return await waitFor(`${fileName(document.uri)}: running ${network.name}`, session.run(order));
    } catch (error) {
      throw problemAt(document, network.nameRange, error);
    }
  }

  /** The data sets whose samples fit the network, the one it is trained on first. */
  private sampleSets(network: Network, { document, analysis }: Place, session: Session): readonly SampleSet[] {
    const inputs = inputsOf(network);
    if (inputs.length !== 1) return [];
    const { module } = analysis;
    const trainedOn = module.trainings
      .filter((training) => training.network.name === network.name)
      .sort((a, b) => Number(b.name === session.training?.name) - Number(a.name === session.training?.name))
      .map((training) => training.data.name);
    const rank = ({ name }: DataDeclaration): number => {
      const index = trainedOn.indexOf(name);
      return index < 0 ? trainedOn.length : index;
    };
    return [...module.data]
      .sort((a, b) => rank(a) - rank(b))
      .flatMap((data) => {
        const summary = this.data.summaryOf(document.uri, data);
        const fits = summary && sameShape(summary.inputShape, inputs[0]!.shape);
        return fits ? [{ data, summary }] : [];
      });
  }

  private async show(uri: vscode.Uri, network: string, text: string): Promise<void> {
    const page = vscode.Uri.from({
      scheme,
      path: `/${fileName(uri)}: run of ${network}`,
      query: uri.toString(),
    });
    this.pages.set(page.toString(), text);
    this.changes.fire(page);
    const document = await vscode.workspace.openTextDocument(page);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? columnBeside(uri),
      preserveFocus: true,
      preview: true,
    });
  }
}

interface SampleSet {
  readonly data: DataDeclaration;
  readonly summary: DataSummary;
}

interface Input {
  readonly id: ValueId;
  readonly shape: readonly number[];
}

/** The network with the attribute values it is trained with, and the seed of its weights. */
function instanceOf(network: Network, { analysis }: Place, session: Session): { network: Network; seed: number } {
  const trainings = analysis.module.trainings.filter((training) => training.network.name === network.name);
  const training = trainings.find(({ name }) => name === session.training?.name) ?? trainings[0];
  return training?.network.complete ? training : { network, seed: 0 };
}

function inputsOf({ values }: Network): readonly Input[] {
  return values.flatMap(({ id, source, shape }) => (source.kind === "input" && shape ? [{ id, shape }] : []));
}

/** Undefined when the user leaves a question unanswered. */
async function askInput(network: Network, samples: readonly SampleSet[]): Promise<RunOrder["input"] | undefined> {
  type Item = vscode.QuickPickItem & { readonly ask: () => Promise<RunOrder["input"] | undefined> };
  const sample = (data: DataDeclaration, index: number): RunOrder["input"] => ({ kind: "sample", data, index });
  const items: Item[] = samples.flatMap(({ data, summary }) => [
    {
      label: `$(refresh) Random sample of ${data.name}`,
      description: `one of ${summary.samples}`,
      ask: async () => sample(data, Math.floor(Math.random() * summary.samples)),
    },
    {
      label: `$(list-ordered) Sample of ${data.name} by number…`,
      description: `0 to ${summary.samples - 1}`,
      ask: async () => {
        const index = await askSampleNumber(data.name, summary.samples);
        return index === undefined ? undefined : sample(data, index);
      },
    },
  ]);
  items.push({
    label: "$(edit) Typed numbers…",
    description: inputsOf(network)
      .map(({ id, shape }) => `${id}: [${shape.join(", ")}]`)
      .join(", "),
    ask: () => askNumbers(network),
  });
  const picked = await vscode.window.showQuickPick(items, { title: `Run ${network.name} on…` });
  return await picked?.ask();
}

async function askSampleNumber(name: string, samples: number): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: `Sample of ${name}`,
    prompt: `A whole number from 0 to ${samples - 1}.`,
    value: "0",
    validateInput: (typed) =>
      readSampleNumber(typed, samples) === undefined ? `Type a whole number from 0 to ${samples - 1}.` : undefined,
  });
  return text === undefined ? undefined : readSampleNumber(text, samples);
}

async function askNumbers(network: Network): Promise<RunOrder["input"] | undefined> {
  const values: Record<ValueId, NdArray> = {};
  for (const { id, shape } of inputsOf(network)) {
    const text = await vscode.window.showInputBox({
      title: `Input ${id} of ${network.name}`,
      prompt: `${id}: [${shape.join(", ")}], numbers separated by commas or spaces.`,
      placeHolder: "0.5, -1, 2e-3",
      validateInput: (typed) => {
        const read = readNumbers(typed, shape);
        return read.kind === "problem" ? read.message : undefined;
      },
    });
    const read = text === undefined ? undefined : readNumbers(text, shape);
    if (read?.kind !== "array") return undefined;
    values[id] = read.array;
  }
  return { kind: "values", values };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, index) => size === b[index]);
}
