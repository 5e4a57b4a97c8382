// A placed diagram → an SVG that stands by itself, in the colors of the theme.

import { counted } from "../numbers";
import { themeColor } from "../theme";
import type { DiagramNode, NodeKind } from "./diagram-model";
import type { DiagramGroup } from "./groups";
import type { Box } from "./layout";
import type { TextMeasure } from "./node-size";
import { arrowAt, roundedPath } from "./routed-edge";
import { measureText } from "./text-measure";
import type { PlacedDiagram } from "./use-layout";

export interface Picture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

export interface PictureColors {
  readonly background: string;
  readonly text: string;
  readonly dim: string;
  readonly node: string;
  readonly border: string;
  readonly kinds: { readonly [K in NodeKind]: string };
}

export function pictureOf(placed: PlacedDiagram): Picture {
  return drawn(placed, themeColors(), measureText());
}

const margin = 20;
const widestText = 190; // as in node-size.ts
const rowHeight = 17;

export function drawn({ diagram, placement }: PlacedDiagram, colors: PictureColors, measure: TextMeasure): Picture {
  const { x, y, width, height } = placement.bounds;
  const box = (id: string): Box | undefined => placement.boxes.get(id);
  const parts = [
    ...diagram.groups.map((group) => frame(box(group.id), colors)),
    ...diagram.edges.map(({ id, carriesParameter }) => {
      const route = placement.routes.get(id) ?? [];
      if (route.length < 2) return "";
      const dashes = carriesParameter ? ' stroke-dasharray="4 3"' : "";
      const line = `<path d="${roundedPath(route)}" fill="none" stroke="${colors.dim}" stroke-width="1.25"${dashes}/>`;
      return `${line}<path d="${arrowAt(route)}" fill="${colors.dim}"/>`;
    }),
    ...diagram.groups.map((group) => frameTitle(group, box(group.id), colors)),
    ...diagram.nodes.map((node) => shape(node, box(node.id), colors, measure)),
  ];
  const size = { width: Math.ceil(width + 2 * margin), height: Math.ceil(height + 2 * margin) };
  const view = `${Math.floor(x - margin)} ${Math.floor(y - margin)} ${size.width} ${size.height}`;
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="${view}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(diagram.name)}</title>`,
    `<rect x="${x - margin}" y="${y - margin}" width="100%" height="100%" fill="${colors.background}"/>`,
    ...parts.filter((part) => part !== ""),
    "</svg>\n",
  ].join("\n");
  return { text, ...size };
}

function frame(box: Box | undefined, { border, dim }: PictureColors): string {
  return box ? `<rect ${area(box)} rx="6" fill="${dim}" fill-opacity="0.06" stroke="${border}"/>` : "";
}

/** Edges that come in end around its words. */
function frameTitle(
  { heading, detail }: DiagramGroup,
  box: Box | undefined,
  { background, dim, text }: PictureColors,
): string {
  if (!box) return "";
  const words = `<tspan font-weight="600" fill="${text}">${escaped(heading)}</tspan> ${escaped(detail)}`;
  const halo = `paint-order="stroke" stroke="${background}" stroke-width="6" stroke-linejoin="round"`;
  return `<text x="${box.x + 10}" y="${box.y + 18}" fill="${dim}" ${halo}>${words}</text>`;
}

function shape(node: DiagramNode, box: Box | undefined, colors: PictureColors, measure: TextMeasure): string {
  if (!box) return "";
  const { x, y, width } = box;
  const color = colors.kinds[node.kind];
  const isOutput = node.kind === "output";
  const left = x + 12;
  const line = y + (isOutput ? 17 : 19);
  const heading = shortened(node.heading, measure.bold);
  const detailAt = left + measure.bold(heading) + 8;
  const parts = [
    `<title>${escaped(node.tooltip)}</title>`,
    `<rect ${area(box)} rx="${isOutput ? 13 : 4}" fill="${colors.node}" stroke="${colors.border}"/>`,
    isOutput ? "" : `<rect x="${x}" y="${y}" width="4" height="${box.height}" rx="2" fill="${color}"/>`,
    `<text x="${left}" y="${line}" font-size="13" font-weight="600" fill="${colors.text}">${escaped(heading)}</text>`,
    node.detail === ""
      ? ""
      : `<text x="${detailAt}" y="${line}" fill="${colors.dim}">${escaped(shortened(node.detail, measure.regular))}</text>`,
    node.shape === undefined ? "" : monospace(node.shape, x + width - 10, line, "end", colors.text),
    node.parameters.length === 0
      ? ""
      : `<text x="${left}" y="${y + 28 + 4 + 13}" fill="${colors.dim}">${counted(node.parameterCount, "parameter")}</text>`,
    ...node.parameters.map(({ name, shape: of }, row) =>
      monospace(`${name} ${of}`, left, y + 28 + 4 + (row + 1) * rowHeight + 13, "start", colors.dim),
    ),
  ];
  return `<g>${parts.join("")}</g>`;
}

function monospace(text: string, x: number, y: number, anchor: "start" | "end", color: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="monospace" fill="${color}">${escaped(text)}</text>`;
}

function area({ x, y, width, height }: Box): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

function shortened(text: string, widthOf: (text: string) => number): string {
  if (widthOf(text) <= widestText) return text;
  let kept = text;
  while (kept !== "" && widthOf(`${kept}…`) > widestText) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

function themeColors(): PictureColors {
  const text = themeColor("--vscode-foreground");
  const dim = themeColor("--vscode-descriptionForeground");
  const [purple, green] = [themeColor("--vscode-charts-purple"), themeColor("--vscode-charts-green")];
  return {
    background: themeColor("--vscode-editor-background"),
    text,
    dim,
    node: themeColor("--vscode-editorWidget-background", "--vscode-editor-background"),
    border: themeColor("--vscode-contrastBorder", "--vscode-descriptionForeground"),
    kinds: {
      input: themeColor("--vscode-charts-blue"),
      parameter: themeColor("--vscode-charts-yellow"),
      constant: dim,
      operation: green,
      layer: purple,
      block: purple,
      repeat: purple,
      output: dim,
    },
  };
}
