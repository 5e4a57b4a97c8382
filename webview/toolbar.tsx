// The row above the diagram: what to train, the training's controls, where it stands, and the view's own buttons.

import type { KeyboardEvent, RefObject } from "react";
import type { TrainingControl } from "../engine/protocol/webview";
import { Button, Dropdown, IconButton, ProgressRing } from "./controls";
import type { DiagramCamera } from "./diagram/use-camera";
import { useSelected, useSession } from "./store";
import {
  isActive,
  isPossible,
  mainControl,
  noTraining,
  progressText,
  stateWords,
  trainingControls,
} from "./training-controls";
import { ViewButtons } from "./view-buttons";

interface ToolbarProps {
  readonly camera: RefObject<DiagramCamera | null>;
}

export function Toolbar({ camera }: ToolbarProps) {
  return (
    <div className="toolbar" role="toolbar" aria-label="Training and view" tabIndex={-1} onKeyDown={goToNext}>
      <TrainingChoice />
      <TrainingButtons />
      <Progress />
      <ViewButtons camera={camera} />
    </div>
  );
}

/** Arrow keys go from one control to the next, around at the ends. */
function goToNext(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const all = event.currentTarget.querySelectorAll<HTMLElement>(":is(vscode-button, vscode-dropdown):not([disabled])");
  const controls = [...all];
  controls.at((controls.indexOf(event.target as HTMLElement) + step) % controls.length)?.focus();
}

function TrainingChoice() {
  const { state, names, chosen } = useSelected(({ training }) => training);
  const { store } = useSession();
  if (names.length < 2 || chosen === undefined) return null;
  return (
    <Dropdown
      label="Training"
      options={names}
      value={chosen}
      disabled={isActive(state)}
      onChoose={(training) => store.dispatch({ kind: "chooseTraining", training })}
    />
  );
}

const besideTheMainOne: readonly TrainingControl[] = ["step", "stop", "reset"];

function TrainingButtons() {
  const { state, names, chosen } = useSelected(({ training }) => training);
  const { post } = useSession();
  const send = (control: TrainingControl) =>
    post({ kind: "control", control, ...(chosen !== undefined && { training: chosen }) });
  const main = mainControl(state);
  const { label, icon, hint } = trainingControls[main];
  return (
    <span className="toolbar-group">
      <Button
        appearance="primary"
        label={label}
        icon={icon}
        hint={names.length === 0 ? noTraining : hint}
        disabled={!isPossible(main, state, names)}
        onPress={() => send(main)}
      />
      {besideTheMainOne.map((control) => (
        <IconButton
          key={control}
          label={trainingControls[control].label}
          icon={trainingControls[control].icon}
          hint={`${trainingControls[control].label}: ${trainingControls[control].hint}`}
          disabled={!isPossible(control, state, names)}
          onPress={() => send(control)}
        />
      ))}
    </span>
  );
}

function Progress() {
  const state = useSelected(({ training }) => training.state);
  const report = useSelected(({ history }) => history.reports.at(-1));
  const snapshot = useSelected(({ live }) => live.snapshot);
  const text = progressText(state, report, snapshot);
  return (
    <span className={`progress progress-${state.kind}`}>
      {state.kind === "preparing" && <ProgressRing label="Preparing" />}
      <span className="progress-text" title={text}>
        {text}
      </span>
      {/* Numbers change many times a second: only the state itself is announced. */}
      <span className="visually-hidden" role="status">
        {state.kind === "idle" ? "" : `Training ${state.training}: ${stateWords[state.kind]}`}
      </span>
    </span>
  );
}
