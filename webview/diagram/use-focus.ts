// Gives a node the keyboard: now, as soon as it comes into the page, or as soon as an edit has made it.

import { type RefObject, useCallback, useEffect } from "react";
import { useSelected, useSession } from "../store";
import { drawsOnlyView } from "./flow-elements";
import type { PlacedDiagram } from "./use-layout";

interface FocusOptions {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly placed: PlacedDiagram | undefined;
  readonly show: (id: string) => void;
}

export function useFocus({ element, placed, show }: FocusOptions): (id: string) => void {
  const { store } = useSession();
  const wanted = useSelected(({ editing }) => editing.focus);
  const tool = useSelected(({ editing }) => editing.tool);
  const count = placed?.diagram.nodes.length;

  useEffect(() => {
    // That the nodes are a list is React Flow's to say, and it does not.
    const list = element.current?.querySelector(".react-flow__nodes");
    list?.setAttribute("role", "listbox");
    list?.setAttribute("aria-multiselectable", "true");
    list?.setAttribute("aria-label", `${placed?.diagram.name ?? ""}: ${count ?? 0} nodes`);
  }, [element, placed?.diagram.name, count]);

  const focusNode = useCallback(
    (id: string) => {
      show(id);
      const focus = () => {
        const wrappers = element.current?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [];
        const found = [...wrappers].find((each) => each.dataset.id === id);
        found?.focus({ preventScroll: true });
        return found !== undefined;
      };
      if (!focus()) requestAnimationFrame(() => requestAnimationFrame(focus)); // It comes into the page with the view.
    },
    [element, show],
  );

  useListAsTabStop({ element, placed, focusNode });

  useEffect(() => {
    if (wanted === undefined || !placed?.placement.boxes.has(wanted)) return;
    store.dispatch({ kind: "editing", action: { kind: "focusNode" } });
    // A small editor that opens over it takes the keyboard itself; so does the palette, which goes on. But one more node
    // is chosen in the diagram.
    const isTyping = document.activeElement?.matches("input, select") ?? false;
    if (tool?.kind === "pick" || (tool === undefined && !isTyping)) focusNode(wanted);
    else show(wanted);
  }, [wanted, placed, tool, store, focusNode, show]);

  return focusNode;
}

interface ListOptions {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly placed: PlacedDiagram | undefined;
  readonly focusNode: (id: string) => void;
}

/** Where a node may not be in the page the list of them has Tab in its place, and gives the keyboard to a node. */
function useListAsTabStop({ element, placed, focusNode }: ListOptions): void {
  const { store } = useSession();
  const isNeeded = placed !== undefined && drawsOnlyView(placed.diagram);
  useEffect(() => {
    const list = element.current?.querySelector<HTMLElement>(".react-flow__nodes");
    if (!list || !isNeeded) return;
    const pass = ({ target }: FocusEvent) => {
      if (target !== list) return;
      const selected = store.get().editing.selection.find((id) => placed.placement.boxes.has(id));
      const next = selected ?? list.querySelector<HTMLElement>(".react-flow__node")?.dataset.id;
      if (next !== undefined) focusNode(next);
    };
    // Backwards from a node Tab leads out of the list, not to the list.
    const stepAside = ({ key, shiftKey }: KeyboardEvent) => {
      if (key !== "Tab" || !shiftKey) return;
      list.tabIndex = -1;
      requestAnimationFrame(() => {
        list.tabIndex = 0;
      });
    };
    list.tabIndex = 0;
    list.addEventListener("focusin", pass);
    list.addEventListener("keydown", stepAside);
    return () => {
      list.removeAttribute("tabindex");
      list.removeEventListener("focusin", pass);
      list.removeEventListener("keydown", stepAside);
    };
  }, [element, store, placed, isNeeded, focusNode]);
}
