// Position → what stands there, as Markdown: what it is, its shape, its documentation, and its numbers when it ran.

import { documentation } from "../../engine/model/catalog";
import type { DataSummary } from "../../engine/protocol/data";
import type { DataDeclaration, Mention, Module, Network, Parameter } from "../../engine/protocol/network";
import type { Snapshot } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";
import { blockSection, importSection, instanceSection } from "./hover/block";
import { argumentSection, callableSection } from "./hover/callable";
import { attributeSection, checkSection, dataSection, networkSection, trainingSection } from "./hover/declaration";
import type { ExplainedHover } from "./hover/explanation";
import { parameterSection, valueSection } from "./hover/value";
import { networkOf } from "./live-text";
import type { Pictures } from "./picture";
import { allNetworks, type FoundValue, instanceAt, mentionAt, smallestValue } from "./value-at";

/** What is known from running. */
export interface LiveSource {
  readonly snapshot?: Snapshot | undefined;
  /** Whether the text has changed since the snapshot's training began. */
  readonly stale: boolean;
  summaryOf(data: DataDeclaration): DataSummary | undefined;
  /** Formulas are text without it. */
  readonly pictures?: Pictures | undefined;
  /** What is known of the value or parameter that is hovered. */
  readonly explained?: ExplainedHover | undefined;
}

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

export function hover(analysis: Analysis, offset: number, live: LiveSource): Hover | undefined {
  const found = hoverWith(analysis, offset, live);
  const { pictures } = live;
  if (!found || !pictures || found.markdown.length <= longest) return found;
  return hoverWith(analysis, offset, { ...live, pictures: { ...pictures, formulas: new Map() } });
}

/** Characters of Markdown that VS Code shows; then the catalog's formulas are better read as text than cut off. */
const longest = 99_000;

function hoverWith(analysis: Analysis, offset: number, live: LiveSource): Hover | undefined {
  const mention = mentionAt(analysis.module.mentions, offset);
  if (mention === undefined) {
    const found = smallestValue(analysis.module, offset);
    return found && { range: found.value.range, markdown: ofValue(analysis, found, live) };
  }
  const markdown = ofMention(analysis, mention, live);
  return markdown === undefined ? undefined : { range: mention.range, markdown };
}

function ofMention(analysis: Analysis, { subject, range }: Mention, live: LiveSource): string | undefined {
  const { module } = analysis;
  switch (subject.kind) {
    case "value": {
      const network = allNetworks(module).find(({ name }) => name === subject.network);
      const value = network?.values.find(({ id }) => id === subject.id);
      if (network && value) return ofValue(analysis, { network, value }, live);
      const parameter = network?.parameters.find(({ id }) => id === subject.id);
      return network && parameter && ofParameter(analysis, network, parameter, live);
    }
    case "callable": {
      const doc = documentation(subject.callable, subject.name);
      if (doc === undefined) return undefined;
      if (subject.argument !== undefined) return argumentSection(doc, subject.argument);
      const found = calledValue(module, range);
      // The name of a layer stands for what it gives here, too.
      return found ? ofValue(analysis, found, live) : callableSection(doc, live.pictures);
    }
    case "network": {
      // A train without a name of its own has its network's.
      const training = module.trainings.find(({ nameRange }) => nameRange.start === range.start);
      const parts = [networkSection(module, subject.name), training && trainingSection(module, training.name)];
      const known = parts.filter((part) => part !== undefined);
      return known.length === 0 ? undefined : known.join("\n\n---\n\n");
    }
    case "block": {
      const use = instanceAt(module, range.start);
      const parts = [blockSection(module, subject.name), use && instanceSection(use)];
      return parts.filter((part) => part !== undefined).join("\n\n---\n\n") || undefined;
    }
    case "import":
      return importSection(module, subject.path);
    case "data":
      return dataSection(module, subject.name, live);
    case "training":
      return trainingSection(module, subject.name);
    case "check":
      return checkSection(module, subject.title);
    case "attribute":
      return attributeSection(module, subject.network, subject.name);
    default:
      return subject satisfies never;
  }
}

function ofValue(analysis: Analysis, { network, value }: FoundValue, live: LiveSource): string {
  const trained = trainedAs(analysis, network, live);
  const same = trained.values.find(({ id }) => id === value.id);
  return same ? valueSection(analysis, trained, same, live) : valueSection(analysis, network, value, live);
}

function ofParameter(analysis: Analysis, network: Network, parameter: Parameter, live: LiveSource): string {
  const trained = trainedAs(analysis, network, live);
  const same = trained.parameters.find(({ id }) => id === parameter.id) ?? parameter;
  return parameterSection(analysis, trained, same, live);
}

/** With the values of attributes that the numbers beside it belong to. */
function trainedAs(analysis: Analysis, network: Network, { snapshot }: LiveSource): Network {
  const trained = snapshot && networkOf(analysis, snapshot);
  return trained?.name === network.name ? trained : network;
}

/** The value that a called name gives: the stage or expression that begins with it. */
function calledValue(module: Module, name: Range): FoundValue | undefined {
  const found = smallestValue(module, name.start);
  const { source, range } = found?.value ?? {};
  const called = (source?.kind === "layer" || source?.kind === "operation") && range?.start === name.start;
  return called && range.end >= name.end ? found : undefined;
}
