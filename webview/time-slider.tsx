// Goes back to recorded steps of a training: diagram, hovers, decorations and charts follow.

import { Button } from "./controls";
import { formatCount } from "./numbers";
import { useSelected, useSession } from "./store";

export function TimeSlider() {
  const { steps, shown } = useSelected(({ recording }) => recording);
  const { post } = useSession();
  if (steps.length < 2) return null;
  const last = steps.length - 1;
  const found = shown === undefined ? last : steps.indexOf(shown);
  const at = found < 0 ? last : found;
  const look = (index: number) => {
    const step = index < last ? steps[index] : undefined;
    post({ kind: "look", ...(step !== undefined && { step }) });
  };
  const words = `step ${formatCount(steps[at]!)}${shown === undefined ? ", the newest" : ""}`;
  return (
    <div className={`time ${shown === undefined ? "" : "is-past"}`}>
      <input
        type="range"
        aria-label="Recorded step"
        aria-valuetext={words}
        min={0}
        max={last}
        value={at}
        onChange={({ target }) => look(Number(target.value))}
      />
      <span className="time-words">step {formatCount(steps[at]!)}</span>
      <Button
        label="Live"
        icon="debug-continue"
        hint="Show the newest step again"
        disabled={shown === undefined}
        onPress={() => look(last)}
      />
    </div>
  );
}
