// Moves the view as rarely as possible: once for a diagram not seen before, and to a selected node that is out of sight.

import { useReactFlow } from "@xyflow/react";
import { type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { useSelected } from "../store";
import type { ElementSize } from "../use-size";
import type { PlacedDiagram } from "./use-layout";
import { firstView, viewShowing, wholeView } from "./viewport";

/** What the toolbar may do to the view. */
export interface DiagramCamera {
  readonly fit: () => void;
}

interface CameraOptions {
  readonly camera: Ref<DiagramCamera>;
  readonly placed: PlacedDiagram | undefined;
  readonly panel: ElementSize;
  /** Names what is shown; another subject is a diagram not seen before. */
  readonly subject: string;
  readonly live: boolean;
}

export function useCamera({ camera, placed, panel, subject, live }: CameraOptions) {
  const flow = useReactFlow();
  const selected = useSelected((state) => state.selected);
  const framed = useRef<{ readonly subject: string; readonly frame: string }>(undefined);
  const movedByHand = useRef(false);
  const visible = panel.width > 0 && panel.height > 0;

  const fit = useCallback(() => {
    if (placed && visible) void flow.setViewport(wholeView(placed.placement.bounds, panel));
  }, [flow, placed, panel, visible]);
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
  const frame = `${subject}\n${panel.width}×${panel.height}\n${live}`;
  useLayoutEffect(() => {
    if (!placed || !visible || !flow.viewportInitialized || framed.current?.frame === frame) return;
    const isNew = framed.current?.subject !== subject;
    framed.current = { subject, frame };
    if (isNew) movedByHand.current = false;
    if (!movedByHand.current) void flow.setViewport(firstView(placed.placement.bounds, panel));
  }, [flow, placed, panel, visible, subject, frame]);

  const home = selected === undefined ? undefined : placed?.diagram.home.get(selected);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (home === undefined) shown.current = undefined;
    else if (home !== shown.current) {
      shown.current = home;
      show(home);
    }
  }, [home, show]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) movedByHand.current = true;
  }, []);

  return { show, onMoveStart };
}
