// Moves the view as rarely as possible: once for a diagram not seen before, and to a selected node that is out of sight.

import { useReactFlow } from "@xyflow/react";
import { type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { useSelected, useSession } from "../store";
import type { ElementSize } from "../use-size";
import type { PlacedDiagram } from "./use-layout";
import { firstView, type Viewport, viewShowing, wholeView } from "./viewport";

/** What the toolbar may do to the view. */
export interface DiagramCamera {
  readonly fit: () => void;
}

interface CameraOptions {
  readonly camera: Ref<DiagramCamera>;
  readonly placed: PlacedDiagram | undefined;
  readonly panel: ElementSize;
}

export function useCamera({ camera, placed, panel }: CameraOptions) {
  const flow = useReactFlow();
  const { store } = useSession();
  const selected = useSelected((state) => state.selected);
  const framed = useRef<{ readonly subject: string | undefined; readonly frame: string }>(undefined);
  const movedByHand = useRef(false);
  const visible = panel.width > 0 && panel.height > 0;
  const subject = placed?.diagram.name;

  const keep = useCallback(
    (view: Viewport) => {
      movedByHand.current = true;
      if (subject !== undefined) store.dispatch({ kind: "moveView", view: { network: subject, ...view } });
    },
    [store, subject],
  );

  const fit = useCallback(() => {
    if (!placed || !visible) return;
    const view = wholeView(placed.placement.bounds, panel);
    void flow.setViewport(view);
    keep(view);
  }, [flow, placed, panel, visible, keep]);
  useImperativeHandle(camera, () => ({ fit }), [fit]);

  const show = useCallback(
    (id: string) => {
      const box = placed?.placement.boxes.get(id);
      const view = box && visible && viewShowing(box, flow.getViewport(), panel);
      if (view) void flow.setViewport(view);
    },
    [flow, placed, panel, visible],
  );

  // A diagram not seen before is shown from its beginning. After that the view stays where it is, whatever is edited:
  // only a panel resized, or nodes grown for a training, before anyone moved the view by hand show it anew.
  const frame = `${subject}\n${panel.width}×${panel.height}\n${placed?.live}`;
  useLayoutEffect(() => {
    if (!placed || !visible || !flow.viewportInitialized || framed.current?.frame === frame) return;
    const isNew = framed.current?.subject !== subject;
    framed.current = { subject, frame };
    if (isNew) {
      const { view } = store.get();
      movedByHand.current = view?.network === subject;
      if (view && movedByHand.current) void flow.setViewport(view);
    }
    if (!movedByHand.current) void flow.setViewport(firstView(placed.placement.bounds, panel));
  }, [flow, store, placed, panel, visible, subject, frame]);

  const home = selected === undefined ? undefined : placed?.diagram.home.get(selected);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (home === undefined) shown.current = undefined;
    else if (home !== shown.current) {
      shown.current = home;
      show(home);
    }
  }, [home, show]);

  const onMoveEnd = useCallback(
    (event: MouseEvent | TouchEvent | null, { x, y, zoom }: Viewport) => {
      if (event) keep({ x, y, zoom }); // Without an event we moved it ourselves.
    },
    [keep],
  );

  return { show, onMoveEnd };
}
