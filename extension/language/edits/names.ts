// Another name for what has one, and a name for what has none.

import type { ValueId } from "../../../engine/protocol/network";
import { projectOf } from "../navigation";
import { rename } from "../rename";
import { Draft } from "./draft";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import { ownPath, type Scene } from "./scene";

/** Names of this file alone: a host that knows other files renames through the project (`rename.ts`). */
export function naming(scene: Scene, id: ValueId, name: string): Intended {
  const draft = new Draft(scene.source.text);
  const { text, file } = scene.source;
  const item = scene.item(id);
  const nameRange = item.value?.nameRange ?? item.instance?.nameRange;
  const what = `${name} for ${item.title}`;
  if (nameRange !== undefined) {
    const project = projectOf([{ path: ownPath, text, tree: file }]);
    const renaming = rename(project, ownPath, nameRange.start, name);
    if (renaming.kind === "refused") refuse(renaming.reason);
    for (const { range, newText } of renaming.edits) draft.replace(range, newText);
    return { draft, what, change: unchanged, mayLoseName: [item.value?.name ?? item.id] };
  }
  const { place, body } = item;
  if (place.kind === "stage") draft.insert(body.stage(place).range.end, ` as ${name}`);
  else if (place.kind === "expression") {
    const { slot } = place;
    draft.insertLineBefore(slot.statement, `${name} = ${body.textOf(slot.expression.range)}`);
    draft.replace(body.outer(slot), name);
  }
  return { draft, what, change: unchanged };
}
