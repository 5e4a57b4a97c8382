// All commands. A menu gives the document's address, a CodeLens also the name of the declaration, the palette nothing.

import * as vscode from "vscode";
import type { Training } from "../../engine/protocol/network";
import type { TrainingState } from "../../engine/protocol/snapshot";
import type { ExplainRequest } from "../language/explanation-text";
import { chooseChecks, chooseTraining, type Place } from "./choose";
import type { CommandId } from "./command-ids";
import type { Derivations } from "./derive";
import type { Documents } from "./documents";
import type { ExplanationCards } from "./explanation-card";
import { openExplanations } from "./explanations";
import type { Focus } from "./focus";
import { Gestures } from "./gestures";
import { LensTarget } from "./lens-provider";
import { newNetwork } from "./new-network";
import type { Panels } from "./panel";
import { fileName } from "./places";
import { NothingToDo, Problem, type Remedy, running, showing, tell } from "./problem";
import type { Checks } from "./run-checks";
import type { RunView } from "./run-view";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

export interface Parts {
  readonly extensionUri: vscode.Uri;
  readonly documents: Documents;
  readonly sessions: Sessions;
  readonly focus: Focus;
  readonly panels: Panels;
  readonly checks: Checks;
  readonly runs: RunView;
  readonly derivations: Derivations;
  readonly cards: ExplanationCards;
}

export function registerCommands(parts: Parts): vscode.Disposable {
  const { documents, sessions, focus, panels, checks, runs, derivations, cards } = parts;
  const gestures = new Gestures(documents, panels);

  const commands: { readonly [C in CommandId]: (target: Target) => Promise<unknown> } = {
    "nnet.train": async (target) =>
      await withTraining(target, (session, training, { version }) => session.train(training, version)),
    "nnet.resumeFromCheckpoint": async (target) =>
      await withTraining(target, (session, training, document) => {
        if (training.checkpoint) return session.trainFromCheckpoint(training, document.version);
        throw new Problem(
          `${fileName(document.uri)}: ${training.name} is not written down while it trains: add checkpoint: 1 to do so after every epoch.`,
          showing(document, training.nameRange),
        );
      }),
    "nnet.step": async (target) =>
      await withTraining(target, (session, training, { version }) => session.step(training, version)),
    "nnet.pause": async (target) => await sessionOf(target, ["running"], "no training is running.").pause(),
    "nnet.resume": async (target) => await sessionOf(target, ["paused"], "no training is paused.").resume(),
    "nnet.stop": async (target) =>
      await sessionOf(target, ["running", "paused", "preparing"], "no training is running.").stop(),
    "nnet.resetWeights": async (target) => await sessions.of((await placeOf(target)).document.uri).reset(),
    "nnet.run": async (target) => await runs.run(await placeOf(target)),
    "nnet.runChecks": runChecks,
    "nnet.check": runChecks,
    "nnet.derive": async (target) => await derivations.show(await placeOf(target)),
    "nnet.openDiagram": async (target) => panels.open((await placeOf(target)).document),
    "nnet.layOutDiagram": async (target) => await panels.layOutAgain((await placeOf(target)).document),
    "nnet.exportSvg": async (target) => panels.command((await placeOf(target)).document, "exportSvg"),
    "nnet.exportPng": async (target) => panels.command((await placeOf(target)).document, "exportPng"),
    "nnet.insertLayer": async (target) => await gestures.insert(await placeOf(target)),
    "nnet.deleteValue": async (target) => await gestures.delete(await placeOf(target)),
    "nnet.rewireInput": async (target) => await gestures.rewire(await placeOf(target)),
    "nnet.addToValue": async (target) => await gestures.connect(await placeOf(target)),
    "nnet.wrapInBlock": async (target) => await gestures.wrap(await placeOf(target)),
    "nnet.expandBlock": async (target) => await gestures.expand(await placeOf(target)),
    "nnet.newNetwork": async () => await newNetwork(parts.extensionUri),
    "nnet.explainDiagnostics": async () => await openExplanations(parts.extensionUri),
    "nnet.explainGradient": async ({ request, ...target }) =>
      request ? await cards.explain(request) : await cards.explainAt((await placeOf(target)).document),
    "nnet.showInDiagram": async ({ request, ...target }) =>
      request ? await cards.showInDiagram(request) : await cards.showAt((await placeOf(target)).document),
    "nnet.showActions": showActions,
  };

  async function placeOf({ uri, name }: Target): Promise<Place> {
    const document = uri ? await documents.open(uri) : focus.current;
    if (!document) {
      throw new Problem(
        "No .nnet file is open. Open one, or begin with a new network.",
        running("Open File…", "workbench.action.files.openFile"),
        running("New Network", "nnet.newNetwork"),
      );
    }
    return { document, analysis: documents.analysisOf(document), name };
  }

  async function runChecks(target: Target): Promise<unknown> {
    const place = await placeOf(target);
    return await checks.runAndTell(place.document, chooseChecks(place));
  }

  async function withTraining(
    target: Target,
    order: (session: Session, training: Training, document: vscode.TextDocument) => Promise<void>,
  ): Promise<void> {
    const place = await placeOf(target);
    const session = sessions.of(place.document.uri);
    // Another step of the training that is under way needs no choice.
    const underway = session.state.kind === "paused" ? session.training?.name : undefined;
    const named = place.analysis.module.trainings.some(({ name }) => name === underway) ? underway : undefined;
    const training = await chooseTraining({ ...place, name: place.name ?? named });
    if (training) await order(session, training, place.document);
  }

  /** The document's session when its training is in one of the states a command makes sense in. */
  function sessionOf({ uri }: Target, states: readonly Session["state"]["kind"][], otherwise: string): Session {
    const where = uri ?? focus.current?.uri;
    const session = where && sessions.find(where);
    if (!session || !states.includes(session.state.kind)) {
      const file = where ? `${fileName(where)}: ` : "";
      throw new NothingToDo(`${file}${otherwise}`, ...(where ? [insteadIn(session?.state.kind ?? "idle", where)] : []));
    }
    return session;
  }

  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (...given: readonly unknown[]) => {
        try {
          return await run(targetOf(given));
        } catch (error) {
          void tell(error);
          return undefined;
        }
      }),
    ),
  );
}

/** What may be meant instead of what makes no sense in this state. */
function insteadIn(state: TrainingState["kind"], uri: vscode.Uri): Remedy {
  switch (state) {
    case "paused":
      return running("Resume", "nnet.resume", uri);
    case "preparing":
    case "running":
      return running("Pause", "nnet.pause", uri);
    default:
      return running("Train", "nnet.train", uri);
  }
}

/** What a command is asked to act on; without an address, the document last worked in. */
interface Target {
  readonly uri?: vscode.Uri | undefined;
  /** Of the training or the check. */
  readonly name?: string | undefined;
  /** Of a link in an explanation. */
  readonly request?: ExplainRequest | undefined;
}

function targetOf(given: readonly unknown[]): Target {
  return {
    uri: given.find((argument) => argument instanceof vscode.Uri),
    name:
      given.find((argument) => argument instanceof LensTarget)?.name ??
      given.find((argument) => typeof argument === "string"),
    request: given.find(isExplainRequest),
  };
}

function isExplainRequest(argument: unknown): argument is ExplainRequest {
  return typeof argument === "object" && argument !== null && "uri" in argument && "id" in argument && "of" in argument;
}

async function showActions(): Promise<void> {
  const actions: readonly (vscode.QuickPickItem & { readonly command: CommandId })[] = [
    { label: "$(play) Train", description: "from the beginning", command: "nnet.train" },
    {
      label: "$(debug-rerun) Resume from Checkpoint",
      description: "from where it was written down",
      command: "nnet.resumeFromCheckpoint",
    },
    { label: "$(symbol-event) Run", description: "one sample or typed numbers", command: "nnet.run" },
    { label: "$(debug-step-over) Step", description: "one optimizer update", command: "nnet.step" },
    { label: "$(type-hierarchy) Open Diagram", command: "nnet.openDiagram" },
    { label: "$(discard) Reset Weights", description: "forget what was learnt", command: "nnet.resetWeights" },
  ];
  const picked = await vscode.window.showQuickPick(actions, { title: "nnet" });
  if (picked) await vscode.commands.executeCommand(picked.command);
}
