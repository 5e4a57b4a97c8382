// How large each node is, before it is drawn: the layout needs it, and nothing may move once numbers arrive.
// The heights are those of diagram.css; widths follow the text.

import type { Diagram, DiagramNode } from "./diagram-model";
import type { DiagramGroup } from "./groups";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface TextMeasure {
  /** Width of the text in pixels. */
  readonly bold: (text: string) => number;
  readonly regular: (text: string) => number;
  readonly small: (text: string) => number;
  readonly mono: (text: string) => number;
}

// Pixels; diagram.css names the same ones.
const headerHeight = 28;
const rowHeight = 17;
const sectionPadding = 8;
const liveRows = 2;
const outputHeight = 26;

const bar = 4;
const padding = 20; // left and right together
const icon = 22; // with its gap
const gap = 8;
const border = 2; // left and right together
const narrowest = 96;
const widestHeading = 190;
const widestDetail = 190;
const unknownShape = "unknown shape";
/** The longest line a training writes. */
const longestLive = "μ −0.000 σ 0.000 zero >99 %";
const liveGaps = 2 * 6;
export const sparkline = { width: 52, height: 14 };

/** Sizes of all nodes, and of the titles of groups; `live` makes room for what a training shows. */
export function sizesOf(
  diagram: Diagram,
  measure: TextMeasure,
  { live }: { live: boolean },
): ReadonlyMap<string, Size> {
  return new Map([
    ...diagram.nodes.map((node) => [node.id, sizeOf(node, measure, live)] as const),
    ...diagram.groups.map((group) => [group.id, titleSize(group, measure)] as const),
  ]);
}

function titleSize({ heading, detail }: DiagramGroup, measure: TextMeasure): Size {
  const words = Math.min(widestHeading, measure.bold(heading)) + gap + Math.min(widestDetail, measure.regular(detail));
  return { width: Math.ceil(words + 2 * icon + padding), height: headerHeight };
}

function sizeOf(node: DiagramNode, measure: TextMeasure, live: boolean): Size {
  const header = bar + border + padding + icon + headerText(node, measure);
  if (node.kind === "output") return { width: Math.ceil(header), height: outputHeight };

  const rows = node.parameters.map((row) => measure.mono(`${row.name} ${row.shape}`) + bar + border + padding + gap);
  const parameterRows = rows.length === 0 ? 0 : rows.length + 1; // and their sum
  const liveWidth = measure.small(longestLive) + liveGaps + gap + sparkline.width + bar + border + padding;
  const width = Math.max(narrowest, header, ...rows, live ? liveWidth : 0);
  const height =
    headerHeight +
    border +
    (parameterRows > 0 ? parameterRows * rowHeight + sectionPadding : 0) +
    (live ? liveRows * rowHeight + sectionPadding : 0);
  return { width: Math.ceil(width), height };
}

function headerText(node: DiagramNode, measure: TextMeasure): number {
  const heading = Math.min(widestHeading, measure.bold(node.heading));
  const detail = node.detail ? gap + Math.min(widestDetail, measure.regular(node.detail)) : 0;
  if (node.kind === "output") return heading;
  const unknown = node.broken ? icon + measure.regular(unknownShape) : 0;
  return heading + detail + gap * 2 + (node.shape ? measure.mono(node.shape) : unknown);
}
