// Everything about one value: its arguments, its numbers, and how they came to be what they are.

import { useMemo, useState } from "react";
import type { Network } from "../../engine/protocol/network";
import type { ActivationHealth } from "../../engine/protocol/snapshot";
import { Dropdown, IconButton } from "../controls";
import { troubleOf } from "../diagram/health";
import { formatShape } from "../numbers";
import { useSelected, useSession, useWatched } from "../store";
import { noTraining } from "../training-controls";
import { ArgumentList } from "./argument-list";
import { OverTime } from "./over-time";
import { Statistics } from "./statistics";
import { type Subject, subjectOf } from "./subject";
import { type Part, parts, TensorView } from "./tensor-view";
import { UpdateRatios } from "./update-ratios";

export function Inspector({ network }: { readonly network: Network }) {
  const selected = useSelected((state) => state.selected);
  const subject = useMemo(
    () => (selected === undefined ? undefined : subjectOf(network, selected)),
    [network, selected],
  );
  const { store } = useSession();
  return (
    <aside className="inspector" aria-label="Inspector">
      <header className="inspector-header">
        <h2 className="inspector-title">{subject ? (subject.value.name ?? subject.value.title) : "Inspector"}</h2>
        {subject?.value.name !== undefined && <span className="inspector-what">{subject.value.title}</span>}
        {subject?.value.shape && <code>{formatShape(subject.value.shape)}</code>}
        <span className="inspector-close">
          <IconButton
            icon="close"
            label="Close inspector"
            onPress={() => store.dispatch({ kind: "arrangeInspector", change: { open: false } })}
          />
        </span>
      </header>
      {subject ? (
        <Contents key={subject.value.id} subject={subject} />
      ) : (
        <p className="inspector-empty">Select a node of the diagram, or put the cursor on a value in the text.</p>
      )}
    </aside>
  );
}

function Contents({ subject }: { readonly subject: Subject }) {
  const { value, tensors, selected } = subject;
  const [chosen, choose] = useState<string>();
  const [part, choosePart] = useState<Part>("value");
  const tensor = tensors.find(({ id }) => id === (chosen ?? selected)) ?? tensors[0]!;
  useWatched(tensors.map(({ id }) => id));
  const quantity = useSelected(({ live }) => live.snapshot?.quantities[tensor.id]);
  const health = useSelected(({ live }) => live.snapshot?.quantities[value.id]?.health);
  const stale = useSelected(({ live }) => live.stale);
  const canTrain = useSelected(({ training }) => training.names.length > 0);
  const possible = (Object.keys(parts) as Part[]).filter((each) =>
    quantity && each !== "value" ? quantity[each] !== undefined : each === "value",
  );
  const seen = possible.includes(part) ? part : "value";
  return (
    <section className={`inspector-contents ${stale ? "is-stale" : ""}`} aria-label={value.name ?? value.title}>
      <ArgumentList value={value} />
      {!quantity ? (
        <p className="inspector-empty">{canTrain ? "Train or step to see its numbers." : noTraining}</p>
      ) : (
        <>
          <div className="inspector-choices">
            {tensors.length > 1 && (
              <Dropdown
                label="Tensor"
                options={tensors.map(({ name }) => name)}
                value={tensor.name}
                onChoose={(name) => choose(tensors.find((each) => each.name === name)?.id)}
              />
            )}
            <Dropdown
              label="Numbers"
              options={possible.map((each) => parts[each])}
              value={parts[seen]}
              onChoose={(name) => choosePart(possible.find((each) => parts[each] === name) ?? "value")}
            />
          </div>
          {health && <Health health={health} />}
          {seen !== "update" && (
            <TensorView key={`${tensor.id} ${seen}`} tensor={tensor} of={seen} shape={quantity.value.shape} />
          )}
          <Statistics summary={seen === "update" ? quantity.update!.change : quantity[seen]!} />
          <OverTime id={tensor.id} part={seen} />
          <UpdateRatios tensors={tensors} />
        </>
      )}
    </section>
  );
}

function Health({ health }: { readonly health: ActivationHealth }) {
  const trouble = troubleOf(health);
  return trouble ? <p className="inspector-trouble">{trouble.words}</p> : null;
}
