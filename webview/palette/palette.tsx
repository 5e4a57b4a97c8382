// What can be put into a network, by category and searchable. Dragged into the diagram, or put beside the selection with
// Enter: after it, with Alt before it, with Shift beside it.

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { PaletteEntry } from "../../engine/protocol/editing";
import { IconButton } from "../controls";
import { useEditor } from "../diagram/editor";
import { insertionAtSelection, type Side } from "../diagram/gestures";
import { hasArguments } from "../diagram/use-drag";
import { useSelected } from "../store";
import { callText, foundEntries } from "./found-entries";

export function Palette() {
  const { change, diagram, edit, drag } = useEditor();
  const entries = useSelected(({ editing }) => editing.entries);
  const selection = useSelected(({ editing }) => editing.selection);
  const [search, setSearch] = useState("");
  const [marked, setMarked] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const categories = foundEntries(entries, search);
  const found = categories.flatMap((category) => category.entries);
  const current = found[Math.min(marked, found.length - 1)];
  const close = () => {
    change({ kind: "arrange", change: { palette: false } });
    const [last] = selection.slice(-1);
    if (last !== undefined) change({ kind: "focusNode", id: last });
  };

  useEffect(() => field.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is marked.
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [marked]);

  const insert = (entry: PaletteEntry, side: Side) =>
    edit(insertionAtSelection(diagram, selection, entry, side), { openArguments: hasArguments(entry) });

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "ArrowDown") setMarked(Math.min(marked + 1, found.length - 1));
    else if (event.key === "ArrowUp") setMarked(Math.max(marked - 1, 0));
    else if (event.key === "Enter" && current)
      void insert(current, event.altKey ? "before" : event.shiftKey ? "branch" : "after");
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };

  return (
    <aside className="palette" aria-label="Palette">
      <div className="palette-head">
        <input
          ref={field}
          type="search"
          role="combobox"
          aria-label="Find a layer or block"
          aria-expanded="true"
          aria-controls="palette-entries"
          aria-activedescendant={current ? optionId(found.indexOf(current)) : undefined}
          placeholder="Find a layer or block"
          value={search}
          spellCheck={false}
          onChange={({ target }) => {
            setSearch(target.value);
            setMarked(0);
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton icon="close" label="Close palette" onPress={close} />
      </div>
      <div id="palette-entries" className="palette-entries" role="listbox" aria-label="Layers and blocks" ref={list}>
        {found.length === 0 && <p className="palette-none">Nothing is called “{search}”.</p>}
        {categories.map(({ category, entries: within }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, which <fieldset> is not.
          <div key={category} role="group" aria-label={category}>
            <div className="palette-category" aria-hidden="true">
              {category}
            </div>
            {within.map((entry) => (
              <div
                key={entry.call.name}
                id={optionId(found.indexOf(entry))}
                className="palette-entry"
                role="option"
                tabIndex={-1}
                aria-selected={entry === current}
                title={entry.summary}
                onPointerDown={(event) => {
                  setMarked(found.indexOf(entry));
                  drag({ kind: "entry", entry }, event);
                }}
                onDoubleClick={(event) => void insert(entry, event.altKey ? "before" : "after")}
              >
                <span className="palette-name">{callText(entry)}</span>
                <span className="palette-summary">{entry.summary}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="palette-hint">
        Drag, or <kbd>Enter</kbd>: after the selection, <kbd>Alt</kbd> before it, <kbd>Shift</kbd> as a branch.
      </p>
    </aside>
  );
}

/** Two networks may share layers of one name. */
function optionId(index: number): string {
  return `palette-${index}`;
}
