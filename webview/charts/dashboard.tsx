// The part below the diagram: how the training goes, as curves or as a table.

import { useMemo } from "react";
import { IconButton } from "../controls";
import { useSelected, useSession } from "../store";
import { isActive } from "../training-controls";
import { curvesOf } from "./chart-series";
import { EpochTable } from "./epoch-table";
import { LossChart } from "./loss-chart";

export function Dashboard() {
  const { training: name, reports } = useSelected(({ history }) => history);
  const { table } = useSelected(({ chart }) => chart);
  const active = useSelected(({ training }) => isActive(training.state));
  const { store } = useSession();
  const curves = useMemo(() => curvesOf(reports), [reports]);
  const empty = reports.length === 0;
  return (
    <section className="dashboard" aria-label="Loss and metrics">
      <header className="dashboard-header">
        <h2 className="dashboard-title">{name || "Training"}</h2>
        <IconButton
          icon={table ? "graph-line" : "table"}
          label={table ? "Show as chart" : "Show as table"}
          disabled={empty}
          onPress={() => store.dispatch({ kind: "showTable", table: !table })}
        />
        <IconButton
          icon="chevron-down"
          label="Close chart"
          onPress={() => store.dispatch({ kind: "openChart", open: false })}
        />
      </header>
      {empty ? (
        <p className="dashboard-empty">{active ? "The first epoch is not over yet." : "Train to see the loss fall."}</p>
      ) : table ? (
        <EpochTable curves={curves} />
      ) : (
        <LossChart curves={curves} />
      )}
    </section>
  );
}
