// The toolbar's buttons for what is seen, as many as there is room for, and a menu with all others at their end.

import { type MouseEvent, type RefObject, useCallback, useRef, useState } from "react";
import { IconButton } from "./controls";
import type { DiagramCamera } from "./diagram/use-camera";
import { Menu } from "./menu";
import { useSelected, useSession } from "./store";
import { useSize } from "./use-size";

interface ViewButtonsProps {
  readonly camera: RefObject<DiagramCamera | null>;
}

export function ViewButtons({ camera }: ViewButtonsProps) {
  const element = useRef<HTMLSpanElement>(null);
  const { width } = useSize(element);
  const actions = useViewActions(camera);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number }>();
  const close = useCallback(() => {
    setMenu(undefined);
    element.current?.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
  }, []);
  const open = ({ currentTarget }: MouseEvent<HTMLElement>) => {
    const { right, bottom } = currentTarget.getBoundingClientRect();
    setMenu({ x: right, y: bottom });
  };

  const room = Math.max(0, Math.floor((width + gap) / (buttonWidth + gap)) - 1); // One is the menu's own.
  const shown = new Set(mostWanted.slice(0, room));
  return (
    <span className="view-buttons" ref={element}>
      {actions.map(
        ({ id, icon, title, hint, on = false, run }) =>
          shown.has(id) && <IconButton key={id} icon={icon} label={title} hint={hint ?? title} on={on} onPress={run} />,
      )}
      <IconButton icon="ellipsis" label="More actions" menu={menu !== undefined} onPress={open} />
      {menu && (
        <Menu label="More actions" items={actions.filter(({ id }) => !shown.has(id))} {...menu} onClose={close} />
      )}
    </span>
  );
}

// Pixels.
const buttonWidth = 26;
const gap = 4;

type ActionId =
  | "palette"
  | "direction"
  | "zoomOut"
  | "zoomIn"
  | "fit"
  | "chart"
  | "inspector"
  | "exportSvg"
  | "exportPng";

/** Those that get a button, the one that needs it most first. */
const mostWanted: readonly ActionId[] = ["palette", "inspector", "chart", "fit", "direction", "zoomIn", "zoomOut"];

interface ViewAction {
  readonly id: ActionId;
  /** Says what a press does, so it changes with what is on. */
  readonly title: string;
  /** A codicon's name. */
  readonly icon: string;
  readonly hint?: string;
  readonly on?: boolean;
  readonly keys?: string;
  readonly group: "edit" | "view" | "parts" | "export";
  readonly run: () => void;
}

/** In the order of the toolbar and of the menu. */
function useViewActions(camera: RefObject<DiagramCamera | null>): readonly ViewAction[] {
  const { palette, direction } = useSelected(({ editing }) => editing.arrangement);
  const chart = useSelected((state) => state.chart.open);
  const inspector = useSelected((state) => state.inspector.open);
  const { dispatch } = useSession().store;
  const other = direction === "down" ? "right" : "down";
  return [
    {
      id: "palette",
      title: palette ? "Hide palette" : "Show palette",
      icon: "add",
      hint: `${palette ? "Hide" : "Show"} what can be put into the network (I)`,
      on: palette,
      keys: "I",
      group: "edit",
      run: () => dispatch({ kind: "editing", action: { kind: "arrange", change: { palette: !palette } } }),
    },
    {
      id: "direction",
      title: other === "right" ? "Draw rightwards" : "Draw downwards",
      icon: `arrow-${other}`,
      group: "view",
      run: () => dispatch({ kind: "editing", action: { kind: "arrange", change: { direction: other } } }),
    },
    { id: "zoomOut", title: "Zoom out", icon: "zoom-out", group: "view", run: () => camera.current?.zoomOut() },
    { id: "zoomIn", title: "Zoom in", icon: "zoom-in", group: "view", run: () => camera.current?.zoomIn() },
    {
      id: "fit",
      title: "Fit diagram",
      icon: "screen-full",
      hint: "Show the whole diagram",
      group: "view",
      run: () => camera.current?.fit(),
    },
    {
      id: "chart",
      title: chart ? "Hide loss chart" : "Show loss chart",
      icon: "graph-line",
      on: chart,
      group: "parts",
      run: () => dispatch({ kind: "arrangeChart", change: { open: !chart } }),
    },
    {
      id: "inspector",
      title: inspector ? "Hide inspector" : "Show inspector",
      icon: "inspect",
      on: inspector,
      group: "parts",
      run: () => dispatch({ kind: "arrangeInspector", change: { open: !inspector } }),
    },
    {
      id: "exportSvg",
      title: "Export Diagram as SVG…",
      icon: "file-media",
      group: "export",
      run: () => dispatch({ kind: "command", command: "exportSvg" }),
    },
    {
      id: "exportPng",
      title: "Export Diagram as PNG…",
      icon: "file-media",
      group: "export",
      run: () => dispatch({ kind: "command", command: "exportPng" }),
    },
  ];
}
