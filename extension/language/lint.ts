// Analysis → the same with advice, and with fixes for errors that lowering found: what a static graph can prove about a
// network, its loss and its data. Adds nothing that is not certain from the text and what is known of the data.

import type { DataSummary } from "../../engine/protocol/data";
import type { Diagnostic, Fix } from "../../engine/protocol/diagnostic";
import type { DataDeclaration, Network } from "../../engine/protocol/network";
import type { Analysis, Environment } from "./analyze";
import type { SourceFile } from "./ast";
import { Advice } from "./lint/advice";
import { fixesFor } from "./lint/fixes";
import { adviseOnLayers } from "./lint/layers";
import { isImported, NetworkView } from "./lint/network-view";
import { SourceEdits } from "./lint/source-edits";
import { adviseOnLoss, adviseOnTraining } from "./lint/training";
import type { World } from "./lint/world";

/** Diagnostics of one file, errors and advice together. */
const most = 200;

export function lint(analysis: Analysis, environment: Environment): Analysis {
  const { text, file, module } = analysis;
  const edits = new SourceEdits(text, file);
  const summaryOf = (data: DataDeclaration): DataSummary | undefined => {
    const description = environment.describeData(data);
    return description?.kind === "ready" ? description.summary : undefined;
  };
  const world: World = { file, module, edits, summaryOf };
  const isSound = soundness(file);
  const found = analysis.diagnostics.map((diagnostic) => {
    const fixes = [...diagnostic.fixes, ...fixesFor(diagnostic, world)];
    return fixes.length === 0 ? diagnostic : { ...diagnostic, fixes: fixes.filter(isSound) };
  });
  const advice = new Advice(Math.max(0, most - found.length));
  advise(advice, world);
  const given = advice.diagnostics().map((diagnostic) => ({ ...diagnostic, fixes: diagnostic.fixes.filter(isSound) }));
  return { ...analysis, diagnostics: given.length === 0 ? found : [...found, ...given].sort(byPlace) };
}

function advise(advice: Advice, { file, module, edits, summaryOf }: World): void {
  // One network may be trained and checked many times.
  const views = new Map<Network, NetworkView>();
  const viewOf = (network: Network): NetworkView => {
    const view = views.get(network) ?? new NetworkView(network);
    views.set(network, view);
    return view;
  };
  for (const network of module.networks) {
    // While something is wrong, what comes next is not known.
    if (network.complete && !isImported(network)) adviseOnLayers(advice, edits, viewOf(network), module.blocks);
  }
  for (const training of module.trainings) {
    adviseOnTraining(advice, edits, viewOf(training.network), training, summaryOf(training.data));
  }
  for (const check of module.checks) {
    if (check.loss?.kind !== "call" || !check.network.complete) continue;
    const declaration = file.declarations.find(
      (candidate) => candidate.kind === "check" && candidate.title.range.start === check.titleRange.start,
    );
    if (declaration?.kind !== "check") continue;
    const entry = declaration.statements.find((line) => line.kind === "entry" && line.key.name === "loss");
    if (entry?.kind === "entry") adviseOnLoss(advice, edits, viewOf(check.network), check.loss.call, entry.value);
  }
}

/**
 * Whether a fix writes nothing new into a declaration that could not be read whole: what stands beside its edits is not
 * known there. Another name in place of one is always sound.
 */
function soundness({ declarations, problems }: SourceFile): (fix: Fix) => boolean {
  if (problems.length === 0) return () => true;
  const broken = declarations.filter(({ range }) =>
    problems.some((problem) => range.start <= problem.range.start && problem.range.start <= range.end),
  );
  return ({ edits }) =>
    edits.every(
      ({ range: { start, end }, newText }) =>
        (start < end && /^[\p{L}_][\p{L}\d_]*$/u.test(newText)) ||
        broken.every(({ range }) => end < range.start || range.end < start),
    );
}

function byPlace({ range: a }: Diagnostic, { range: b }: Diagnostic): number {
  return a.start - b.start || a.end - b.end;
}
