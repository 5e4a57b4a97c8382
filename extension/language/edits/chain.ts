// Copied values as text: stages that follow one another, `-> Dense(4) as h -> ReLU`.

import type { TextEdit } from "../../../engine/protocol/diagnostic";
import type { ValueId } from "../../../engine/protocol/network";
import { parse } from "../parser";
import { withEdits } from "../rename";
import type { New } from "./add";
import type { Body } from "./body";
import { dataInputs } from "./ends";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

/** The values, each computed from the one before it. */
export function chainOf(scene: Scene, ids: readonly ValueId[]): string {
  const wanted = new Set(ids);
  const order = scene.network.values.filter(({ id }) => wanted.has(id)).map(({ id }) => scene.item(id));
  const uses = ids.filter((id) => !scene.network.values.some((value) => value.id === id)).map((id) => scene.item(id));
  const items = [...order, ...uses].sort((a, b) => a.range.start - b.range.start);
  if (items.length === 0) refuse("Nothing is selected to copy.");
  const written = new Set<number>();
  const stages: string[] = [];
  for (const [index, item] of items.entries()) {
    const previous = items[index - 1];
    if (previous?.value && item.value) requireFollows(scene, previous, item);
    if (written.has(item.range.start)) continue;
    written.add(item.range.start);
    stages.push(stageText(scene, item));
  }
  return stages.join(" ");
}

function requireFollows(scene: Scene, previous: Item, item: Item): void {
  const source = item.value?.source;
  const inputs = source?.kind === "layer" || source?.kind === "operation" ? source.inputs : [];
  if (inputs.includes(previous.id)) return;
  refuse(
    `${item.title} (line ${scene.line(item.range)}) does not follow ${previous.title}: values that are copied follow one another. Wrap them into a block to use them again.`,
  );
}

function stageText(scene: Scene, item: Item): string {
  const { place, body, value } = item;
  if (value && dataInputs(scene, item).length > 1) {
    refuse(
      `${item.title} (line ${scene.line(item.range)}) takes several values: wrap it into a block to use it again.`,
    );
  }
  if (place.kind === "stage") return body.textOf(body.stage(place).range).replaceAll(/\s+/g, " ");
  if (place.kind === "expression" && place.expression.kind === "call" && value?.source.kind === "layer") {
    const inputs = dataInputs(scene, item).length;
    const { callee, arguments: written } = place.expression;
    const rest = written.slice(inputs).map(({ range }) => body.textOf(range));
    return `-> ${callee.name}${rest.length === 0 ? "" : `(${rest.join(", ")})`}`;
  }
  return refuse(`${item.title} (line ${scene.line(item.range)}) is no layer or block: only those can be copied.`);
}

/** The chain with names of its own, as it can stand in a body. */
export function pasted(scene: Scene, body: Body, chain: string): New {
  const lead = "data D = x ";
  const { declarations, problems, comments } = parse(lead + chain);
  const source = declarations[0]?.kind === "data" ? declarations[0].source : undefined;
  const isChain = source?.kind === "pipeline" && source.source.kind === "name" && declarations.length === 1;
  if (problems.length > 0 || comments.length > 0 || !isChain) {
    return refuse(`"${chain}" is no chain of layers such as -> Dense(4) -> ReLU: copy values of a diagram.`);
  }
  const last = source.stages.at(-1);
  let name: string | undefined;
  const edits = source.stages.flatMap((stage): TextEdit[] => {
    const { alias, range } = stage;
    if (alias === undefined) return [];
    const fresh = scene.fresh(body, alias.name);
    const before = (lead + chain).slice(range.start, alias.range.start);
    const as = stage === last ? /\s*\bas\s*$/.exec(before)![0].length : 0;
    if (stage === last) name = fresh;
    const start = alias.range.start - lead.length - as;
    return [{ range: { start, end: alias.range.end - lead.length }, newText: stage === last ? "" : fresh }];
  });
  const stages = withEdits(chain, edits).trim();
  return name === undefined ? { kind: "chain", stages } : { kind: "chain", stages, name };
}
