// Which part of the diagram is in view: what to show first, and how little to move to show one node.

import type { FlowDirection } from "../../engine/protocol/editing";
import type { Box } from "./layout";
import type { Size } from "./node-size";

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const smallestZoom = 0.05;
export const largestZoom = 2;

const margin = 24; // pixels of the screen

/** Texts are 12 pixels high at natural size: smaller ones are for an overview, which one asks for. */
const legibleZoom = 0.8;

/**
 * Everything, if it is legible then; else from where the flow begins, as one reads a text, as large as its width allows and
 * never too small to be read.
 */
export function firstView(bounds: Box, panel: Size, direction: FlowDirection): Viewport {
  if (direction === "right") {
    const { x, y, zoom } = firstView(turned(bounds), turned(panel), "down");
    return { x: y, y: x, zoom };
  }
  const fitting = zoomToFit(bounds, panel);
  const zoom = Math.min(1, fitting >= legibleZoom ? fitting : Math.max(legibleZoom, zoomToWidth(bounds, panel)));
  const whole = centered(bounds, panel, zoom);
  return bounds.height * zoom > panel.height ? { ...whole, y: margin - bounds.y * zoom } : whole;
}

/** All of it, however small. */
export function wholeView(bounds: Box, panel: Size): Viewport {
  return centered(bounds, panel, Math.min(1, Math.max(smallestZoom, zoomToFit(bounds, panel))));
}

/** The smallest move after which the box is in view, or nothing when it already is. */
export function viewShowing(box: Box, view: Viewport, panel: Size): Viewport | undefined {
  const x = shift(view.x + box.x * view.zoom, box.width * view.zoom, panel.width);
  const y = shift(view.y + box.y * view.zoom, box.height * view.zoom, panel.height);
  return x === 0 && y === 0 ? undefined : { zoom: view.zoom, x: view.x + x, y: view.y + y };
}

/** The view in which a node whose box has become another one begins where it began on the screen. */
export function viewKeeping(before: Box, after: Box, { x, y, zoom }: Viewport): Viewport {
  const middle = (box: Box): number => box.x + box.width / 2;
  return { zoom, x: x + (middle(before) - middle(after)) * zoom, y: y + (before.y - after.y) * zoom };
}

/** Of these boxes the one that is nearest to the middle of the view; its place among them, undefined when there is none. */
export function mostCentral(boxes: readonly Box[], view: Viewport, panel: Size): number | undefined {
  const [x, y] = [(panel.width / 2 - view.x) / view.zoom, (panel.height / 2 - view.y) / view.zoom];
  const distances = boxes.map((box) => Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return nearest < 0 ? undefined : nearest;
}

/** What goes rightwards, as if it went downwards. */
function turned<Shape extends Size & { readonly x?: number; readonly y?: number }>(shape: Shape): Shape {
  const { x, y, width, height } = shape;
  return { ...shape, width: height, height: width, ...(x !== undefined && y !== undefined && { x: y, y: x }) };
}

function shift(start: number, length: number, available: number): number {
  const end = start + length;
  if (start >= 0 && end <= available) return 0;
  if (start < 0 || length > available) return margin - start;
  return available - margin - end;
}

function zoomToFit(bounds: Size, panel: Size): number {
  const toHeight = (panel.height - 2 * margin) / Math.max(1, bounds.height);
  return Math.min(toHeight, zoomToWidth(bounds, panel));
}

function zoomToWidth(bounds: Size, panel: Size): number {
  return (panel.width - 2 * margin) / Math.max(1, bounds.width);
}

function centered(bounds: Box, panel: Size, zoom: number): Viewport {
  return {
    zoom,
    x: panel.width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: panel.height / 2 - (bounds.y + bounds.height / 2) * zoom,
  };
}
