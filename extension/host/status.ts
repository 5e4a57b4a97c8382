// The status bar item: where the training of the current document stands. A click pauses, resumes, or offers what can be done.

import * as vscode from "vscode";
import type { EpochReport, Metrics } from "../../engine/protocol/snapshot";
import { formatBrief, formatCount, formatMetric, formatNumber, formatRoughly } from "../language/format-number";
import type { CommandId } from "./command-ids";
import type { Focus } from "./focus";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { Throttle } from "./throttle";

/** Milliseconds: slow enough to be read. */
const refreshInterval = 250;

export function showStatus(focus: Focus, sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("nnet.training", vscode.StatusBarAlignment.Left, 10);
  item.name = "nnet training";
  const redraw = new Throttle(refreshInterval, () => {
    const session = focus.current && sessions.find(focus.current.uri);
    const status = session && statusOf(session);
    if (!status) return item.hide();
    item.text = status.text;
    item.tooltip = status.tooltip;
    item.command = status.command;
    item.backgroundColor = status.failed ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    item.accessibilityInformation = { label: `nnet ${status.text.replace(/\$\([^)]*\)/g, "")}`, role: "button" };
    item.show();
  });
  redraw.request();
  return vscode.Disposable.from(
    item,
    redraw,
    focus.onDidChange(() => redraw.request()),
    sessions.onDidChange(() => redraw.request()),
  );
}

interface Status {
  readonly text: string;
  readonly tooltip: string | vscode.MarkdownString;
  readonly command: CommandId;
  readonly failed?: boolean;
}

function statusOf(session: Session): Status | undefined {
  const { state } = session;
  switch (state.kind) {
    case "idle":
      return undefined;
    case "preparing":
      return {
        text: `$(loading~spin) ${state.training}: preparing`,
        tooltip: "Reading the data and building the network.",
        command: "nnet.stop",
      };
    case "running":
      return {
        text: `$(debug-pause) ${state.training} ${progressOf(session)}`,
        tooltip: details(session, "Click to pause."),
        command: "nnet.pause",
      };
    case "paused":
      return {
        text: `$(debug-continue) ${state.training} paused ${progressOf(session)}`,
        tooltip: details(session, "Click to resume."),
        command: "nnet.resume",
      };
    case "finished":
      return {
        text: `$(check) ${state.training} finished ${progressOf(session)}`,
        tooltip: details(session, `${finished(state.note)} Click to train again, run or reset.`),
        command: "nnet.showActions",
      };
    case "stopped":
      return {
        text: `$(debug-stop) ${state.training} stopped ${progressOf(session)}`,
        tooltip: details(session, "Stopped. Click to train again, run or reset."),
        command: "nnet.showActions",
      };
    case "failed":
      return {
        text: `$(error) ${state.training} failed`,
        tooltip: state.message,
        command: "nnet.showActions",
        failed: true,
      };
    default:
      return state satisfies never;
  }
}

/** `note` says why it ended early, if it did. */
function finished(note: string | undefined): string {
  return note === undefined ? "Finished." : `Finished: ${note}.`;
}

/**
 * `epoch 12/100 · loss 0.123 · accuracy 97.2% · 12k samples/s`, of the last epoch that is over; the panel's toolbar begins
 * with the same words.
 */
function progressOf({ state, history, snapshot }: Session): string {
  const last = history.at(-1);
  const stepped = snapshot ? [`step ${formatCount(snapshot.step)}`, `batch loss ${formatBrief(snapshot.loss)}`] : [];
  if (!last) return stepped.join(" · ");
  // Who steps wants to see what each step did.
  if (state.kind === "paused") return [`epoch ${last.epoch}/${last.epochs}`, ...stepped].join(" · ");
  const shown = last.validation?.metrics ?? last.metrics;
  // Three digits and the rate last: a narrow window cuts the end.
  const parts = [`epoch ${last.epoch}/${last.epochs}`, `loss ${formatBrief(last.loss)}`, ...firstOf(shown)];
  if (state.kind === "running") parts.push(`${formatRoughly(last.samplesPerSecond)} samples/s`);
  return parts.join(" · ");
}

function firstOf(metrics: Metrics): string[] {
  return Object.entries(metrics)
    .slice(0, 1)
    .map(([name, value]) => `${name} ${formatMetric(name, value)}`);
}

function details({ history, snapshot }: Session, hint: string): vscode.MarkdownString | string {
  const last = history.at(-1);
  if (!last) return hint;
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown(`**Epoch ${last.epoch} of ${last.epochs}**, step ${snapshot?.step ?? last.step}\n\n`);
  markdown.appendMarkdown(table(last));
  markdown.appendMarkdown(
    `\n\n${last.seconds.toFixed(1)} s · ${formatRoughly(last.samplesPerSecond)} samples/s\n\n${hint}`,
  );
  return markdown;
}

function table({ loss, metrics: values, validation }: EpochReport): string {
  const row = (name: string, training: string, held: string | undefined): string =>
    validation ? `| ${name} | ${training} | ${held ?? ""} |` : `| ${name} | ${training} |`;
  const heading = validation ? "| | training | validation |\n|:--|--:|--:|" : "| | training |\n|:--|--:|";
  const names = Object.keys({ ...values, ...validation?.metrics });
  return [
    heading,
    row("loss", formatNumber(loss), validation && formatNumber(validation.loss)),
    ...names.map((name) => row(name, shown(name, values[name]), shown(name, validation?.metrics[name]))),
  ].join("\n");
}

function shown(name: string, value: number | undefined): string {
  return value === undefined ? "" : formatMetric(name, value);
}
