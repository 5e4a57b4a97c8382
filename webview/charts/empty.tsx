// What stands where there is nothing to show yet: why, and what to do.

import type { ReactNode } from "react";
import { useSelected } from "../store";
import { isActive } from "../training-controls";

export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <p className="dashboard-empty" role="status">
      {children}
    </p>
  );
}

/** Before the first answer of the host. */
export function NotYet({ problem, wanted }: { readonly problem?: string | undefined; readonly wanted: string }) {
  const trained = useSelected(({ recording }) => recording.steps.length > 0);
  const active = useSelected(({ training }) => isActive(training.state));
  if (problem !== undefined) return <Empty>{problem}</Empty>;
  return <Empty>{trained || active ? "Computing…" : `Train or step to see ${wanted}.`}</Empty>;
}
