// What is written in numbers and words, each with the control of its type: arguments of a layer or of a use of a block,
// the shape of an input, attributes of the network, entries of a training. What is not written shows its default. Numbers
// may be written as the language has them: `hidden`, `2 * width`; beside those stands what they are worth.

import { type FormEvent, type KeyboardEvent, useEffect, useId, useState } from "react";
import type { Gesture } from "../../engine/protocol/edit-intent";
import type { ArgumentSubject, EditQuestions, WrittenArgument } from "../../engine/protocol/editing";
import { formatShape } from "../numbers";
import { useEditor } from "./editor";
import { nodeOf } from "./gestures";
import type { Box } from "./layout";
import { Popover } from "./popover";
import { steppedNumber } from "./stepped-number";
import { useVerdict } from "./use-verdict";

interface ArgumentEditorProps {
  readonly subject: ArgumentSubject;
  /** Of the node that it is about, if it is about one. */
  readonly box: Box | undefined;
  readonly onClose: () => void;
}

type Known = Extract<EditQuestions["arguments"]["result"], { kind: "arguments" }>;

export function ArgumentEditor({ subject, box, onClose }: ArgumentEditorProps) {
  const { argumentsOf, change } = useEditor();
  const [known, setKnown] = useState<Known>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, for the text the editor was opened on.
  useEffect(() => {
    const refuse = (text: string) => {
      change({ kind: "say", message: { severity: "error", text } });
      onClose();
    };
    argumentsOf(subject).then(
      (answer) => {
        if (answer.kind === "refused") refuse(answer.message);
        else if (answer.arguments.length === 0) refuse(`${answer.callee} has no arguments.`);
        else setKnown(answer);
      },
      (error: unknown) => refuse(String(error)),
    );
  }, []);

  return known ? <ArgumentForm subject={subject} box={box} onClose={onClose} known={known} /> : null;
}

function ArgumentForm({ subject, box, onClose, known }: ArgumentEditorProps & { readonly known: Known }) {
  const editor = useEditor();
  const [written, setWritten] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(known.arguments.map((argument) => [argument.name, argument.written ?? ""])),
  );
  const node = subject.kind === "value" ? subject.value : undefined;
  const isInput = node !== undefined && nodeOf(editor.diagram, node)?.kind === "input";
  const gesture = changesOf(known, written, (name, now) => changeOf(subject, isInput, name, now));
  const verdict = useVerdict(gesture);
  const problem = verdict !== undefined && !verdict.fits;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (gesture === undefined) return onClose();
    void editor.edit({ kind: "gesture", gesture }, { focus: node }).then((done) => done && onClose());
  };
  return (
    <Popover label={`${formNames[subject.kind]} ${known.callee}`} box={box} onClose={onClose}>
      <form className="argument-editor" onSubmit={submit}>
        <h2>{known.callee}</h2>
        {known.shared !== undefined && <p className="shared-note">In all uses of the shared layer {known.shared}.</p>}
        {known.arguments.map((argument) => (
          <Field
            key={argument.name}
            argument={argument}
            written={written[argument.name] ?? ""}
            onWrite={(text) => setWritten((before) => ({ ...before, [argument.name]: text }))}
          />
        ))}
        <p className={`verdict${problem ? " is-problem" : ""}`} role="status">
          {problem ? verdict.text : gesture ? "Enter to keep it, Escape to leave it." : "Nothing is changed yet."}
        </p>
        <button type="submit" className="visually-hidden">
          Keep
        </button>
      </form>
    </Popover>
  );
}

const formNames: { readonly [K in ArgumentSubject["kind"]]: string } = {
  value: "Arguments of",
  network: "Attributes of",
  training: "Training",
};

/** What is not written any more goes back to its default; an attribute and a shape need to be there. */
function changeOf(subject: ArgumentSubject, isInput: boolean, name: string, now: string): Gesture | undefined {
  const written = now === "" ? {} : { written: now };
  switch (subject.kind) {
    case "value":
      if (isInput) return { kind: "shape", input: subject.value, dimensions: dimensionsOf(now) };
      return { kind: "argument", value: subject.value, name, ...written };
    case "network":
      return now === "" ? undefined : { kind: "attribute", name, written: now };
    case "training":
      return { kind: "entry", training: subject.name, name, ...written };
    default:
      return subject satisfies never;
  }
}

/** Of `[1, size, size]`, with or without its brackets. */
function dimensionsOf(shape: string): readonly string[] {
  return shape
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

/** One undo step for all that was changed. */
function changesOf(
  { arguments: known }: Known,
  written: Readonly<Record<string, string>>,
  changeTo: (name: string, now: string) => Gesture | undefined,
): Gesture | undefined {
  const gestures = known.flatMap(({ name, written: before = "" }): readonly Gesture[] => {
    const now = written[name]?.trim() ?? "";
    const gesture = now === before ? undefined : changeTo(name, now);
    return gesture ? [gesture] : [];
  });
  return gestures.length > 1 ? { kind: "several", gestures } : gestures[0];
}

interface FieldProps {
  readonly argument: WrittenArgument;
  readonly written: string;
  readonly onWrite: (text: string) => void;
}

function Field({ argument, written, onWrite }: FieldProps) {
  const id = useId();
  const { name, type, summary, optional } = argument;
  // `rate` of `optimizer.rate`.
  const shortName = name.slice(name.lastIndexOf(".") + 1);
  const standard = defaultText(argument);
  const isOn = (written || standard) === "true";
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : undefined;
    const next = by && steppedNumber(written || (standard ?? ""), by, type);
    if (next === undefined) return;
    event.preventDefault();
    onWrite(next);
  };
  const described = summary === "" ? {} : { "aria-describedby": `${id}-summary` };
  return (
    <div className="field" title={summary === "" ? name : `${name}: ${summary}`}>
      <label htmlFor={id}>{shortName}</label>
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
          onKeyDown={onKeyDown}
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
        {hintFor(argument, written)}
      </span>
    </div>
  );
}

function defaultText({ default: standard }: WrittenArgument): string | undefined {
  if (standard === undefined) return undefined;
  if (Array.isArray(standard)) return formatShape(standard.map(String));
  if (typeof standard !== "object") return String(standard);
  return "name" in standard ? standard.name : undefined;
}

/** What the expression that stands there is worth, else what may be written. */
function hintFor(argument: WrittenArgument, now: string): string {
  const { value, written } = argument;
  return value !== undefined && now === written ? `= ${value}` : boundsText(argument);
}

function boundsText({ type }: WrittenArgument): string {
  if (type.kind === "boolean" || type.kind === "string") return "";
  if (type.kind === "choice") return type.integer ? `${type.choices.join(", ")} or a number` : "";
  if (type.kind === "shape") return "[sizes]";
  if (type.kind !== "integer" && type.kind !== "number") return "";
  const parts = [type.min === undefined ? "" : `≥ ${type.min}`, type.max === undefined ? "" : `≤ ${type.max}`];
  if (type.kind === "number")
    parts.push(type.above === undefined ? "" : `> ${type.above}`, type.below === undefined ? "" : `< ${type.below}`);
  return parts.filter((part) => part !== "").join(", ");
}
