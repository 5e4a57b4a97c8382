// What a screen reader says while the diagram is edited: what an edit has changed, how much is selected, what there is to say.

import { useEffect, useRef, useState } from "react";
import { counted } from "../numbers";
import type { Diagram, DiagramNode } from "./diagram-model";
import type { EditingState } from "./editing-state";
import { pickingText } from "./picking";

interface AnnouncementProps {
  readonly diagram: Diagram;
  readonly editing: EditingState;
}

/** Always in the page: what comes into it together with its words is not read. */
export function Announcement({ diagram, editing: { tool, message, selection } }: AnnouncementProps) {
  const [words, say] = useState("");
  const told = useRef(diagram);
  useEffect(() => {
    const tell = () => {
      // Who types in the editor hears the editor, and what has become of the diagram when they come back.
      if (!document.hasFocus()) return;
      const changes = diagram.name === told.current.name ? changesInWords(told.current, diagram) : "";
      told.current = diagram;
      if (changes !== "") say(changes);
    };
    tell();
    window.addEventListener("focus", tell);
    return () => window.removeEventListener("focus", tell);
  }, [diagram]);

  const picking = tool?.kind === "pick" ? pickingText(diagram, tool) : undefined;
  const text = picking ?? (message && message.severity !== "error" ? message.text : undefined);
  useEffect(() => {
    if (text !== undefined) say(text);
  }, [text]);

  // One node is read when it gets the keyboard.
  const selected = selection.length;
  useEffect(() => {
    if (selected > 1) say(`${counted(selected, "node")} selected.`);
  }, [selected]);

  return (
    <div className="visually-hidden" role="status">
      {words}
    </div>
  );
}

const mostNamed = 3;

/** What an edit has done, in a sentence or two; of many changes those that stand first. Empty when it looks the same. */
export function changesInWords(before: Diagram, after: Diagram): string {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const now = new Set(after.nodes.map(({ id }) => id));
  const added = after.nodes.filter(({ id }) => !known.has(id));
  const removed = before.nodes.filter(({ id }) => !now.has(id));
  const [renamedTo, renamedFrom] = [added[0], removed[0]];
  if (added.length === 1 && removed.length === 1 && renamedTo && renamedFrom && isRenamed(renamedFrom, renamedTo))
    return `${renamedFrom.heading} is now ${renamedTo.heading}.`;
  const said = [...sentence(added, "added"), ...sentence(removed, "removed")];
  if (said.length > 0) return said.join(" ");
  const changed = after.nodes.filter((node) => node.label !== known.get(node.id)?.label);
  const [first, ...others] = changed;
  if (!first) return "";
  const more = others.length === 0 ? "" : ` ${counted(others.length, "other node")} changed.`;
  return `${first.label}.${more}`;
}

function isRenamed(before: DiagramNode, after: DiagramNode): boolean {
  return before.kind === after.kind && before.shape === after.shape && before.parameterCount === after.parameterCount;
}

function sentence(nodes: readonly DiagramNode[], what: string): readonly string[] {
  if (nodes.length === 0) return [];
  if (nodes.length > mostNamed) return [`${counted(nodes.length, "node")} ${what}.`];
  return [`${nodes.map(({ heading }) => heading).join(", ")} ${what}.`];
}
