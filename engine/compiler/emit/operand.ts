// Tensors whose numbers need not stand one after another, as words of an instruction; kernels/operand.ts reads them.

import type { Word } from "../instruction";
import type { View } from "../view";

export interface Axis {
  readonly size: number;
  /** In numbers. */
  readonly stride: number;
}

/** The axes a loop over all numbers must know: innermost first, without those of size 1, joined where they can be. */
export function axesOf({ shape, strides }: Pick<View, "shape" | "strides">): Axis[] {
  const axes: { size: number; stride: number }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [size, stride] = [shape[axis]!, strides[axis]!];
    if (size === 1) continue;
    const inner = axes.at(-1);
    if (inner && stride === inner.stride * inner.size) inner.size *= size;
    else axes.push({ size, stride });
  }
  return axes;
}

/** How a kernel goes over a view. A single number for all has no axis. */
export interface Operand {
  readonly view: View;
  readonly axes: readonly Axis[];
  /** After how many numbers they begin anew; undefined if they do not. */
  readonly period: number | undefined;
}

export function operandOf(view: View): Operand {
  const all = axesOf(view);
  const axes = all.every(({ stride }) => stride === 0) ? [] : all;
  const repeats = axes.length > 0 && axes.at(-1)!.stride === 0;
  return { view, axes, period: repeats ? axes.slice(0, -1).reduce((size, axis) => size * axis.size, 1) : undefined };
}

/** `block` is how many numbers the kernel takes at a time. */
export function wordsOf({ view, axes, period }: Operand, block: number): Word[] {
  const repeats = period !== undefined && block % period === 0;
  return [{ at: view }, axes.length, repeats ? 1 : 0, ...axes.flatMap(({ size, stride }) => [size, stride])];
}

/** Whether its numbers stand one after another, or are one. */
export function isDirect({ axes }: Operand): boolean {
  return axes.length === 0 || (axes.length === 1 && axes[0]!.stride === 1);
}
