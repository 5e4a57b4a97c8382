// A name is written: a new one for a value, or that of a block that is made of the selection.

import { type FormEvent, useId, useState } from "react";
import { useSelected } from "../store";
import type { Tool } from "./editing-state";
import { useEditor } from "./editor";
import { type Asked, asked, nodeOf, selectedValues } from "./gestures";
import type { Box } from "./layout";
import { Popover } from "./popover";
import { useVerdict } from "./use-verdict";

interface NameEditorProps {
  readonly tool: Extract<Tool, { kind: "rename" | "wrap" }>;
  readonly box: Box;
  readonly onClose: () => void;
}

export function NameEditor({ tool, box, onClose }: NameEditorProps) {
  const editor = useEditor();
  const field = useId();
  const selection = useSelected(({ editing }) => editing.selection);
  const values = selectedValues(editor.diagram, selection);
  const before = tool.kind === "rename" ? nameOf(editor.diagram, tool.node) : "Block";
  const [name, setName] = useState(before);
  const isNew = name.trim() !== "" && (tool.kind === "wrap" || name !== before);
  const wanted: Asked =
    tool.kind === "rename"
      ? asked({ kind: "rename", value: tool.node, name: name.trim() })
      : "kind" in values
        ? values
        : asked({ kind: "wrap", values, name: name.trim() });
  const verdict = useVerdict(isNew && wanted.kind === "gesture" ? wanted.gesture : undefined);
  const label = tool.kind === "rename" ? "Name" : "Name of the block";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isNew) return onClose();
    const focus = tool.kind === "rename" ? name.trim() : undefined;
    void editor.edit(wanted, { focus }).then((done) => done && onClose());
  };

  return (
    <Popover label={tool.kind === "rename" ? "Rename" : "Wrap in a block"} box={box} onClose={onClose}>
      <form className="name-editor" onSubmit={submit}>
        <label htmlFor={field}>{label}</label>
        <input
          id={field}
          type="text"
          value={name}
          spellCheck={false}
          aria-invalid={verdict !== undefined && !verdict.fits}
          aria-describedby={`${field}-verdict`}
          onChange={({ target }) => setName(target.value)}
        />
        <p id={`${field}-verdict`} className="verdict" role="status">
          {verdict !== undefined && !verdict.fits ? verdict.text : "Enter to keep it, Escape to leave it."}
        </p>
      </form>
    </Popover>
  );
}

/** The name that it has; a value without one begins with an empty field. */
function nameOf(diagram: Parameters<typeof nodeOf>[0], id: string): string {
  const group = diagram.groups.find((each) => each.id === id);
  const node = group ?? nodeOf(diagram, id);
  return node !== undefined && !id.includes("#") ? node.heading : "";
}
