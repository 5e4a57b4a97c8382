// What stands where there is nothing to show yet: why, and what to do.

import type { ReactNode } from "react";
import { useSelected } from "../store";
import { isActive, noTraining } from "../training-controls";

export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <p className="dashboard-empty" role="status">
      {children}
    </p>
  );
}

/** Before anything is trained: what to do, where something can be done. */
export function Untrained({ children }: { readonly children: ReactNode }) {
  const canTrain = useSelected(({ training }) => training.names.length > 0);
  return <Empty>{canTrain ? children : noTraining}</Empty>;
}

/** Before the first answer of the host. */
export function NotYet({ problem, wanted }: { readonly problem?: string | undefined; readonly wanted: string }) {
  const trained = useSelected(({ recording }) => recording.steps.length > 0);
  const active = useSelected(({ training }) => isActive(training.state));
  if (problem !== undefined) return <Empty>{problem}</Empty>;
  return trained || active ? <Empty>Computing…</Empty> : <Untrained>Train or step to see {wanted}.</Untrained>;
}
