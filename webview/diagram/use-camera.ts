// Moves the view as rarely as possible: once for a diagram not seen before, and to a selected node that is out of sight.

import { useReactFlow } from "@xyflow/react";
import { type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import type { FlowDirection } from "../../engine/protocol/editing";
import { useSelected, useSession } from "../store";
import type { ElementSize } from "../use-size";
import type { Box } from "./layout";
import type { PlacedDiagram } from "./use-layout";
import { firstView, mostCentral, type Viewport, viewKeeping, viewShowing, wholeView } from "./viewport";

/** What toolbar and keys may do to the view. */
export interface DiagramCamera {
  readonly fit: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
}

interface CameraOptions {
  readonly camera: Ref<DiagramCamera>;
  readonly placed: PlacedDiagram | undefined;
  readonly panel: ElementSize;
}

/** What was shown when the view was last decided on. */
interface Frame {
  readonly network: string;
  readonly panel: ElementSize;
  readonly live: boolean;
  readonly direction: FlowDirection;
  readonly placed: PlacedDiagram;
}

export function useCamera({ camera, placed, panel }: CameraOptions) {
  const flow = useReactFlow();
  const { store } = useSession();
  const selected = useSelected((state) => state.selected);
  const framed = useRef<Frame>(undefined);
  /** Whose view it is: `firstView` until the user moves it or asks for `wholeView`. */
  const mode = useRef<"first" | "whole" | "hand">("first");
  const visible = panel.width > 0 && panel.height > 0;
  const network = placed?.diagram.name;

  // After a diagram's first view only a panel resized, or nodes grown for a training, can change it: no edit does.
  useLayoutEffect(() => {
    if (!placed || !visible || !flow.viewportInitialized) return;
    const before = framed.current;
    const { live, placement } = placed;
    const frame = { network: placed.diagram.name, panel, live, direction: placement.direction, placed };
    framed.current = frame;
    if (before && sameFrame(before, frame)) return;
    if (before?.network !== frame.network) {
      const { view } = store.get();
      mode.current = view?.network === frame.network ? "hand" : "first";
      if (view && mode.current === "hand") return void flow.setViewport(view);
    }
    const { bounds, direction } = placement;
    if (before && before.direction !== direction) mode.current = "first";
    if (mode.current === "first") void flow.setViewport(firstView(bounds, panel, direction));
    else if (mode.current === "whole") void flow.setViewport(wholeView(bounds, panel));
    else if (before) {
      const { x, y, zoom } = viewOfGrown(before, frame, flow.getViewport(), store.get().editing.selection);
      void flow.setViewport({ x: x + (panel.width - before.panel.width) / 2, y, zoom });
    }
  }, [flow, store, placed, panel, visible]);

  const show = useCallback(
    (id: string) => {
      const box = placed?.placement.boxes.get(id);
      const view = box && visible && viewShowing(box, flow.getViewport(), panel);
      if (!view) return;
      mode.current = "hand";
      void flow.setViewport(view);
    },
    [flow, placed, panel, visible],
  );

  const home = selected === undefined ? undefined : placed?.diagram.home.get(selected);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (home !== undefined && home !== shown.current) show(home);
    shown.current = home;
  }, [home, show]);

  const keep = useCallback(
    ({ x, y, zoom }: Viewport) => {
      mode.current = "hand";
      if (network !== undefined) store.dispatch({ kind: "moveView", view: { network, x, y, zoom } });
    },
    [store, network],
  );

  useImperativeHandle(camera, () => {
    const zoom = (how: () => Promise<boolean>) => void how().then(() => keep(flow.getViewport()));
    return {
      fit: () => {
        if (!placed || !visible) return;
        void flow.setViewport(wholeView(placed.placement.bounds, panel));
        mode.current = "whole";
      },
      zoomIn: () => zoom(flow.zoomIn),
      zoomOut: () => zoom(flow.zoomOut),
    };
  }, [flow, placed, panel, visible, keep]);

  /** Without an event we moved it ourselves. */
  const onMoveEnd = useCallback((event: MouseEvent | TouchEvent | null, view: Viewport) => event && keep(view), [keep]);

  return { show, onMoveEnd };
}

/**
 * Nodes grow when a training begins, and each moves on by what those before it have grown. What is looked at stays where it
 * is: a selected node, or else the one in the middle.
 */
function viewOfGrown(before: Frame, { placed }: Frame, view: Viewport, selection: readonly string[]): Viewport {
  const { boxes } = before.placed.placement;
  const isInView = (box: Box): boolean => viewShowing(box, view, before.panel) === undefined;
  const stayed = placed.diagram.nodes.flatMap(({ id }) => {
    const [then, now] = [boxes.get(id), placed.placement.boxes.get(id)];
    return then && now ? [{ id, then, now }] : [];
  });
  const chosen = stayed.find(({ id, then }) => selection.includes(id) && isInView(then));
  const central = mostCentral(
    stayed.map(({ then }) => then),
    view,
    before.panel,
  );
  const anchor = chosen ?? (central === undefined ? undefined : stayed[central]);
  return anchor ? viewKeeping(anchor.then, anchor.now, view) : view;
}

function sameFrame(a: Frame, b: Frame): boolean {
  const samePanel = a.panel.width === b.panel.width && a.panel.height === b.panel.height;
  return a.network === b.network && a.live === b.live && a.direction === b.direction && samePanel;
}
