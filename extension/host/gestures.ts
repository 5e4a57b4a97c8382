// Gestures at the cursor, without a diagram: the same intents that it sends, with quick picks for what they need to know.
// What a choice would give, or why it would not fit, stands above the choices before one is made.

import * as vscode from "vscode";
import type { EdgeEnd, Gesture } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { BlockInstance, Network, Value, ValueId } from "../../engine/protocol/network";
import { paletteOf } from "../language/palette";
import { allNetworks, rangeOf, thingNear, thingsIn } from "../language/value-at";
import type { Place } from "./choose";
import { DiagramEdits } from "./diagram-edits";
import type { Documents } from "./documents";
import type { Panels } from "./panel";
import { select } from "./places";
import { NothingToDo, Problem } from "./problem";

/** What the cursor or the selection in the text is at. */
interface Subject extends Place {
  readonly network: Network;
  readonly id: ValueId;
  readonly selected: readonly ValueId[];
}

export class Gestures {
  constructor(
    private readonly documents: Documents,
    private readonly panels: Panels,
  ) {}

  /** A layer, function, operator or block behind the value. */
  async insert(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const at = { kind: "after", value: subject.id } as const;
    const title = `Insert after ${titleOf(subject.network, subject.id)}`;
    const gestureFor = ({ call }: PaletteEntry, behind: readonly ValueId[]): Gesture => ({
      kind: "insert",
      call,
      at,
      ...(behind.length > 0 && { others: { before: [], behind } }),
    });
    const entry = await this.choose(subject, title, entryItems(subject), (chosen) =>
      chosen.inputs.min > 1 ? undefined : gestureFor(chosen, []),
    );
    if (entry === undefined) return;
    const behind: ValueId[] = [];
    while (behind.length + 1 < entry.inputs.min) {
      const more = `${title}: what ${entry.call.name} takes besides it`;
      const other = await this.choose(subject, more, valueItems(subject), (id) =>
        behind.length + 2 < entry.inputs.min ? undefined : gestureFor(entry, [...behind, id]),
      );
      if (other === undefined) return;
      behind.push(other);
    }
    await this.make(subject, gestureFor(entry, behind));
  }

  async rewire(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const edge = await this.chooseInput(subject);
    if (edge === undefined) return;
    const gestureFor = (from: ValueId): Gesture => ({ kind: "rewire", edge, from });
    const title = `What ${titleOf(subject.network, subject.id)} is computed from`;
    const from = await this.choose(subject, title, valueItems(subject), gestureFor);
    if (from !== undefined) await this.make(subject, gestureFor(from));
  }

  async connect(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const gestureFor = (to: ValueId): Gesture => ({ kind: "connect", from: subject.id, to });
    const title = `What ${titleOf(subject.network, subject.id)} is added to`;
    const to = await this.choose(subject, title, valueItems(subject), gestureFor);
    if (to !== undefined) await this.make(subject, gestureFor(to));
  }

  async delete(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const { network, id, selected } = subject;
    const inputs = selected.length === 1 ? inputsOf(network, id).filter(({ value }) => !isWeight(network, value)) : [];
    if (new Set(inputs.map(({ value }) => value)).size < 2)
      return await this.make(subject, { kind: "delete", values: selected });
    const gestureFor = (input: number): Gesture => ({ kind: "delete", values: selected, instead: input });
    const title = `What takes the place of ${titleOf(network, id)}`;
    const instead = await this.choose(subject, title, inputItems(network, id), gestureFor);
    if (instead !== undefined) await this.make(subject, gestureFor(instead));
  }

  async wrap(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const gestureFor = (name: string): Gesture => ({ kind: "wrap", values: subject.selected, name });
    const edits = this.editsOf(subject);
    const name = await vscode.window.showInputBox({
      title: `Wrap ${subject.selected.map((id) => titleOf(subject.network, id)).join(", ")} in a block`,
      prompt: "Name of the block",
      value: "Block",
      validateInput: (written) => {
        const outcome = edits.preview(subject.document, versioned(subject, gestureFor(written.trim())));
        return outcome.kind === "refused" ? outcome.message : undefined;
      },
    });
    if (name !== undefined) await this.make(subject, gestureFor(name.trim()));
  }

  async expand(place: Place): Promise<void> {
    const subject = subjectOf(place);
    await this.make(subject, { kind: "expand", instance: subject.id });
  }

  private async chooseInput(subject: Subject): Promise<EdgeEnd | undefined> {
    const { network, id } = subject;
    const endOf = (input: number): EdgeEnd => ({ kind: "input", value: id, input });
    const items = inputItems(network, id);
    if (items.length < 2) return endOf(0);
    const chosen = await this.choose(subject, `Which input of ${titleOf(network, id)}`, items, () => undefined);
    return chosen === undefined ? undefined : endOf(chosen);
  }

  /** `gestureFor` is what choosing it would do, where that is known already. Undefined when nothing is chosen. */
  private async choose<T>(
    subject: Subject,
    title: string,
    items: readonly (Choice<T> | vscode.QuickPickItem)[],
    gestureFor: (item: T) => Gesture | undefined,
  ): Promise<T | undefined> {
    const edits = this.editsOf(subject);
    const pick = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
    pick.items = items;
    pick.title = title;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.onDidChangeActive(([active]) => {
      const gesture = active && "item" in active ? gestureFor(active.item) : undefined;
      const outcome = gesture && edits.preview(subject.document, versioned(subject, gesture));
      pick.title = outcome ? `${title}: ${verdictOf(outcome)}` : title;
    });
    try {
      return await new Promise<T | undefined>((resolve) => {
        pick.onDidAccept(() => {
          const [active] = pick.activeItems;
          if (active && "item" in active) resolve(active.item);
        });
        pick.onDidHide(() => resolve(undefined));
        pick.show();
      });
    } finally {
      pick.dispose();
    }
  }

  private async make(subject: Subject, gesture: Gesture): Promise<void> {
    const { document } = subject;
    const outcome = await this.editsOf(subject).edit(document, versioned(subject, gesture));
    if (outcome.kind === "refused") throw new Problem(outcome.message);
    const place = outcome.select && { network: subject.network.name, id: outcome.select };
    const range = place && rangeOf(this.documents.analysisOf(document), place);
    // At once: whoever goes on meanwhile would lose the keyboard, or the place they have gone to.
    const editor = editorOf(document);
    if (range && editor) select(editor, { start: range.end, end: range.end });
    const [problem] = outcome.problems;
    if (problem !== undefined) void vscode.window.showWarningMessage(problem);
  }

  private editsOf({ document: { uri } }: Subject): DiagramEdits {
    return new DiagramEdits(this.documents, uri, (became) => this.panels.expect(uri, became));
  }
}

interface Choice<T> extends vscode.QuickPickItem {
  readonly item: T;
}

function subjectOf(place: Place): Subject {
  const { document, analysis } = place;
  const editor = editorOf(document);
  const selection = editor?.selection;
  const thing = selection && thingNear(analysis, document.offsetAt(selection.active));
  const network = thing && allNetworks(analysis.module).find(({ name }) => name === thing.network);
  if (!thing || !network) throw new NothingToDo("Put the cursor on a value of a network first.");
  const within = { start: document.offsetAt(selection!.start), end: document.offsetAt(selection!.end) };
  const selected = thingsIn(analysis, within).flatMap(({ network: of, id }) => (of === network.name ? [id] : []));
  return { ...place, network, id: thing.id, selected: selected.length > 0 ? selected : [thing.id] };
}

function editorOf(document: vscode.TextDocument): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find((each) => each.document === document);
}

function entryItems({ analysis, network }: Subject): readonly (Choice<PaletteEntry> | vscode.QuickPickItem)[] {
  let category = "";
  return paletteOf(analysis, network.name).flatMap(
    (entry): readonly (Choice<PaletteEntry> | vscode.QuickPickItem)[] => {
      const { call, summary, inputs } = entry;
      const given = call.arguments.map(({ name, written }) => `${name}: ${written}`).join(", ");
      const several = inputs.min > 1 ? "takes several values" : "";
      const description = [given, several].filter((part) => part !== "").join(" · ");
      const item = { label: call.name, description, detail: summary, item: entry };
      if (entry.category === category) return [item];
      category = entry.category;
      return [{ label: category, kind: vscode.QuickPickItemKind.Separator }, item];
    },
  );
}

/** All but the one that the gesture is about, and what is inside of blocks. */
function valueItems({ network, id: subject }: Subject): readonly Choice<ValueId>[] {
  const uses = (network.blocks ?? []).filter(({ path }) => path === undefined);
  const values = network.values.filter(({ path, source }) => path === undefined && source.kind !== "constant");
  return [
    ...values.map(({ id, shape }) => ({ id, shape })),
    ...uses.map(({ instance }) => ({ id: instance, shape: undefined })),
  ]
    .filter(({ id }) => id !== subject)
    .map(({ id, shape }) => ({
      label: titleOf(network, id),
      description: shape ? `[${shape.join(", ")}]` : "",
      item: id,
    }));
}

/** By their numbers, which edges have. */
function inputItems(network: Network, id: ValueId): readonly Choice<number>[] {
  return inputsOf(network, id).flatMap(({ input, value }) =>
    valueIn(network, value)?.source.kind === "constant" ? [] : [{ label: titleOf(network, value), item: input }],
  );
}

/** Of a value or of a use of a block, by number. */
function inputsOf(network: Network, id: ValueId): BlockInstance["inputs"] {
  const use = network.blocks?.find(({ instance }) => instance === id);
  if (use) return use.inputs;
  const source = valueIn(network, id)?.source;
  const inputs = source?.kind === "layer" || source?.kind === "operation" ? source.inputs : [];
  return inputs.map((value, input) => ({ input, value }));
}

function isWeight(network: Network, id: ValueId): boolean {
  return ["parameter", "constant"].includes(valueIn(network, id)?.source.kind ?? "");
}

function titleOf(network: Network, id: ValueId): string {
  const value = valueIn(network, id);
  if (value) return value.name ?? value.title;
  const use = network.blocks?.find(({ instance }) => instance === id);
  return use?.nameRange ? id : (use?.block ?? id);
}

function valueIn({ values }: Network, id: ValueId): Value | undefined {
  return values.find((value) => value.id === id);
}

function versioned({ document, network }: Subject, gesture: Gesture) {
  return { version: document.version, intent: { ...gesture, network: network.name } };
}

function verdictOf(outcome: ReturnType<DiagramEdits["preview"]>): string {
  if (outcome.kind === "refused") return outcome.message;
  return outcome.problems[0] ?? (outcome.added.length > 0 ? `gives ${outcome.added.join(", ")}` : "fits");
}
