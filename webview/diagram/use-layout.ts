// Keeps a diagram and the places of its nodes together: what is drawn is always one whole layout, the newest there is.

import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { FlowDirection } from "../../engine/protocol/editing";
import type { Diagram } from "./diagram-model";
import type { LayoutEngine, Placement } from "./layout";
import { type Size, sizesOf } from "./node-size";
import { measureText } from "./text-measure";

export interface PlacedDiagram {
  readonly diagram: Diagram;
  readonly placement: Placement;
  /** Whether the nodes have room for what a training shows. */
  readonly live: boolean;
}

export interface LayoutState {
  readonly placed?: PlacedDiagram;
  /** Why the newest diagram could not be laid out. */
  readonly problem?: string;
}

interface LayoutOptions {
  readonly live: boolean;
  readonly direction: FlowDirection;
}

export function useLayout(engine: LayoutEngine, diagram: Diagram, { live, direction }: LayoutOptions): LayoutState {
  const measure = useMemo(measureText, []);
  const [state, setState] = useState<LayoutState & { readonly form?: string }>({});
  const newest = useRef(0);

  const sizes = useMemo(() => sizesOf(diagram, measure, { live }), [diagram, measure, live]);
  const form = useMemo(() => formOf(diagram, sizes, direction), [diagram, sizes, direction]);
  const sameForm = state.form === form;

  // Begun before the picture of the old layout is painted once more.
  useLayoutEffect(() => {
    if (sameForm) return;
    newest.current += 1;
    const order = newest.current;
    engine.place(diagram, sizes, { direction }).then(
      (placement) => {
        if (order === newest.current) setState({ placed: { diagram, placement, live }, form });
      },
      (error: unknown) => {
        if (order !== newest.current) return;
        const problem = error instanceof Error ? error.message : String(error);
        setState(({ placed }) => ({ ...(placed && { placed }), problem, form }));
      },
    );
  }, [engine, diagram, sizes, live, direction, form, sameForm]);

  // An edit that moves nothing (a comment, another argument of equal width) is shown at once, in place.
  return useMemo(() => {
    const fits = sameForm && state.problem === undefined && state.placed;
    return fits ? { placed: { ...fits, diagram } } : state;
  }, [diagram, sameForm, state]);
}

/** Equal for two diagrams whose layouts would be equal. */
function formOf(diagram: Diagram, sizes: ReadonlyMap<string, Size>, direction: FlowDirection): string {
  return JSON.stringify([
    direction,
    [...sizes.entries()],
    diagram.edges.map(({ id }) => id),
    diagram.nodes.map(({ inputCount, group }) => [inputCount, group]),
    diagram.groups.map(({ id, parent }) => [id, parent]),
  ]);
}
