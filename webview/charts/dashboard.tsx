// The part below the diagram: how the training goes and what the network says, as pictures or as tables.

import type { ComponentType } from "react";
import type { ChartTab } from "../../engine/protocol/webview";
import { IconButton } from "../controls";
import { elementCount } from "../numbers";
import { useSelected, useSession } from "../store";
import { Tabs } from "../tabs";
import { BoundaryTab } from "./boundary-tab";
import { ConfusionTab } from "./confusion-tab";
import { GradientsTab } from "./gradients-tab";
import { LossTab } from "./loss-tab";
import { PredictionsTab } from "./predictions-tab";
import { RateTab } from "./rate-tab";

interface TabDoc {
  readonly label: string;
  readonly content: ComponentType;
  /** What can be switched in it, besides picture and table. */
  readonly switches: readonly ("log" | "smooth")[];
}

const tabDocs: { readonly [Tab in ChartTab]: TabDoc } = {
  loss: { label: "Loss", content: LossTab, switches: ["log", "smooth"] },
  rate: { label: "Learning rate", content: RateTab, switches: ["log"] },
  gradients: { label: "Gradients", content: GradientsTab, switches: [] },
  confusion: { label: "Confusion", content: ConfusionTab, switches: [] },
  predictions: { label: "Predictions", content: PredictionsTab, switches: [] },
  boundary: { label: "Boundary", content: BoundaryTab, switches: [] },
};

export function Dashboard() {
  const chart = useSelected((state) => state.chart);
  const hasPlane = useSelected(({ document }) => document.kind === "network" && takesTwoNumbers(document.network));
  const { store } = useSession();
  const arrange = (change: Partial<typeof chart>) => store.dispatch({ kind: "arrangeChart", change });
  // A decision boundary needs two numbers to be drawn over.
  const tabs = (Object.keys(tabDocs) as ChartTab[]).filter((tab) => tab !== "boundary" || hasPlane);
  const chosen = tabs.includes(chart.tab) ? chart.tab : "loss";
  const { content: Content, switches } = tabDocs[chosen];
  return (
    <section className="dashboard" aria-label="Training in numbers">
      <header className="dashboard-header">
        <Tabs
          label="What to see"
          tabs={tabs.map((id) => ({ id, label: tabDocs[id].label }))}
          chosen={chosen}
          onChoose={(tab) => arrange({ tab })}
        />
        <span className="dashboard-buttons">
          {switches.includes("log") && (
            <IconButton
              icon="graph-scatter"
              label={chart.log ? "Linear axis" : "Logarithmic axis"}
              on={chart.log}
              onPress={() => arrange({ log: !chart.log })}
            />
          )}
          {switches.includes("smooth") && (
            <IconButton
              icon="pulse"
              label={chart.smooth ? "Show every epoch" : "Smooth: mean of ten epochs"}
              on={chart.smooth}
              onPress={() => arrange({ smooth: !chart.smooth })}
            />
          )}
          <IconButton
            icon={chart.table ? "graph-line" : "table"}
            label={chart.table ? "Show as chart" : "Show as table"}
            onPress={() => arrange({ table: !chart.table })}
          />
          <IconButton icon="chevron-down" label="Close chart" onPress={() => arrange({ open: false })} />
        </span>
      </header>
      <div className="dashboard-content" role="tabpanel" aria-label={tabDocs[chosen].label}>
        <Content />
      </div>
    </section>
  );
}

interface HasValues {
  readonly values: readonly { readonly source: { readonly kind: string }; readonly shape?: readonly number[] }[];
}

function takesTwoNumbers({ values }: HasValues): boolean {
  const [only, ...others] = values.filter(({ source }) => source.kind === "input");
  return others.length === 0 && only?.shape !== undefined && elementCount(only.shape) === 2;
}
