// The arguments of a layer or of a use of a block, each with the control of its type; what is not written shows its default.
// Numbers may be written as the language has them: `hidden`, `2 * width`.

import { type FormEvent, useEffect, useId, useState } from "react";
import type { Gesture } from "../../engine/protocol/edit-intent";
import type { EditQuestions } from "../../engine/protocol/editing";
import { formatShape } from "../numbers";
import { useEditor } from "./editor";
import { nodeOf } from "./gestures";
import type { Box } from "./layout";
import { Popover } from "./popover";
import { useVerdict } from "./use-verdict";

interface ArgumentEditorProps {
  readonly node: string;
  readonly box: Box;
  readonly onClose: () => void;
}

type Known = Extract<EditQuestions["arguments"]["result"], { kind: "arguments" }>;
type Argument = Known["arguments"][number];

/** Inputs have a shape, everything else has arguments. */
export function ArgumentEditor(props: ArgumentEditorProps) {
  const { argumentsOf, change, diagram } = useEditor();
  const [known, setKnown] = useState<Known>();
  const isInput = nodeOf(diagram, props.node)?.kind === "input";
  const { onClose, node } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, for the text the editor was opened on.
  useEffect(() => {
    if (isInput) return;
    const refuse = (text: string) => {
      change({ kind: "say", message: { severity: "error", text } });
      onClose();
    };
    argumentsOf(node).then(
      (answer) => {
        if (answer.kind === "refused") refuse(answer.message);
        else if (answer.arguments.length === 0) refuse(`${answer.callee} has no arguments.`);
        else setKnown(answer);
      },
      (error: unknown) => refuse(String(error)),
    );
  }, [node, isInput]);

  if (isInput) return <ShapeForm {...props} />;
  return known ? <ArgumentForm {...props} known={known} /> : null;
}

function ArgumentForm({ node, box, onClose, known }: ArgumentEditorProps & { readonly known: Known }) {
  const editor = useEditor();
  const [written, setWritten] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(known.arguments.map((argument) => [argument.name, argument.written ?? ""])),
  );
  const gesture = changesOf(node, known, written);
  const verdict = useVerdict(gesture);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (gesture === undefined) return onClose();
    void editor.edit({ kind: "gesture", gesture }, { focus: node }).then((done) => done && onClose());
  };
  return (
    <Popover label={`Arguments of ${known.callee}`} box={box} onClose={onClose}>
      <form className="argument-editor" onSubmit={submit}>
        <h2>{known.callee}</h2>
        {known.arguments.map((argument) => (
          <Field
            key={argument.name}
            argument={argument}
            written={written[argument.name] ?? ""}
            onWrite={(text) => setWritten((before) => ({ ...before, [argument.name]: text }))}
          />
        ))}
        <FormEnd gesture={gesture} verdict={verdict} />
      </form>
    </Popover>
  );
}

function ShapeForm({ node, box, onClose }: ArgumentEditorProps) {
  const editor = useEditor();
  const field = useId();
  const shape = nodeOf(editor.diagram, node)?.shape ?? "[]";
  const [written, setWritten] = useState(shape);
  const dimensions = written
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const gesture: Gesture | undefined = written === shape ? undefined : { kind: "shape", input: node, dimensions };
  const verdict = useVerdict(gesture);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (gesture === undefined) return onClose();
    void editor.edit({ kind: "gesture", gesture }, { focus: node }).then((done) => done && onClose());
  };
  return (
    <Popover label={`Shape of ${node}`} box={box} onClose={onClose}>
      <form className="argument-editor" onSubmit={submit}>
        <div className="field">
          <label htmlFor={field}>shape</label>
          <input id={field} type="text" value={written} onChange={({ target }) => setWritten(target.value)} />
        </div>
        <FormEnd gesture={gesture} verdict={verdict} />
      </form>
    </Popover>
  );
}

function FormEnd({
  gesture,
  verdict,
}: {
  readonly gesture: Gesture | undefined;
  readonly verdict: ReturnType<typeof useVerdict>;
}) {
  const problem = verdict !== undefined && !verdict.fits;
  return (
    <>
      <p className={`verdict${problem ? " is-problem" : ""}`} role="status">
        {problem ? verdict.text : gesture ? "Enter to keep it, Escape to leave it." : "Nothing is changed yet."}
      </p>
      <button type="submit" className="visually-hidden">
        Keep
      </button>
    </>
  );
}

interface FieldProps {
  readonly argument: Argument;
  readonly written: string;
  readonly onWrite: (text: string) => void;
}

function Field({ argument, written, onWrite }: FieldProps) {
  const id = useId();
  const { name, type, summary, optional } = argument;
  const standard = defaultText(argument);
  const isOn = (written || standard) === "true";
  const described = summary === "" ? {} : { "aria-describedby": `${id}-summary` };
  return (
    <div className="field" title={summary}>
      <label htmlFor={id}>{name}</label>
      {type.kind === "boolean" && (written === "" || written === "true" || written === "false") ? (
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={isOn}
          aria-checked={isOn}
          // Back at its default it needs not be written.
          onChange={({ target }) => onWrite(`${target.checked}` === standard ? "" : `${target.checked}`)}
          {...described}
        />
      ) : type.kind === "choice" && type.integer === undefined && (written === "" || type.choices.includes(written)) ? (
        <select id={id} value={written} onChange={({ target }) => onWrite(target.value)} {...described}>
          {standard !== undefined || optional ? <option value="">{standard ?? "none"} (default)</option> : null}
          {type.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          inputMode={type.kind === "integer" || type.kind === "number" ? "decimal" : "text"}
          value={written}
          placeholder={standard ?? (optional ? "none" : "")}
          spellCheck={false}
          list={type.kind === "choice" ? `${id}-choices` : undefined}
          onChange={({ target }) => onWrite(target.value)}
          {...described}
        />
      )}
      {type.kind === "choice" && type.integer !== undefined && (
        <datalist id={`${id}-choices`}>
          {type.choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      <span id={`${id}-summary`} className="field-hint">
        {boundsText(argument)}
      </span>
    </div>
  );
}

/** One undo step for all that was changed. */
function changesOf(
  value: string,
  { arguments: known }: Known,
  written: Readonly<Record<string, string>>,
): Gesture | undefined {
  const gestures = known.flatMap(({ name, written: before = "" }): Gesture[] => {
    const now = written[name]?.trim() ?? "";
    if (now === before) return [];
    return [{ kind: "argument", value, name, ...(now === "" ? {} : { written: now }) }];
  });
  return gestures.length > 1 ? { kind: "several", gestures } : gestures[0];
}

function defaultText({ default: standard }: Argument): string | undefined {
  if (standard === undefined) return undefined;
  if (Array.isArray(standard)) return formatShape(standard.map(String));
  if (typeof standard !== "object") return String(standard);
  return "name" in standard ? standard.name : undefined;
}

function boundsText({ type }: Argument): string {
  if (type.kind === "boolean" || type.kind === "string") return "";
  if (type.kind === "choice") return type.integer ? `${type.choices.join(", ")} or a number` : "";
  if (type.kind === "shape") return "[sizes]";
  if (type.kind !== "integer" && type.kind !== "number") return "";
  const parts = [type.min === undefined ? "" : `≥ ${type.min}`, type.max === undefined ? "" : `≤ ${type.max}`];
  if (type.kind === "number")
    parts.push(type.above === undefined ? "" : `> ${type.above}`, type.below === undefined ? "" : `< ${type.below}`);
  return parts.filter((part) => part !== "").join(", ");
}
