// Loss and metrics over the epochs, with the losses of earlier runs behind them. Who looks back sees them as they were.

import { useMemo } from "react";
import { useSelected } from "../store";
import { isActive } from "../training-controls";
import { curvesOf, positiveOnly, smoothed, withEarlier } from "./chart-series";
import { CurveTable } from "./curve-table";
import { Empty, Untrained } from "./empty";
import { LineChart } from "./line-chart";

export function LossTab() {
  const { reports } = useSelected(({ history }) => history);
  const earlier = useSelected(({ earlierRuns }) => earlierRuns);
  const shown = useSelected(({ recording }) => recording.shown);
  const { table, log, smooth } = useSelected(({ chart }) => chart);
  const active = useSelected(({ training }) => isActive(training.state));

  const seen = useMemo(
    () => (shown === undefined ? reports : reports.filter(({ step }) => step <= shown)),
    [reports, shown],
  );
  const curves = useMemo(() => {
    const current = curvesOf(seen);
    return smooth ? smoothed(current) : current;
  }, [seen, smooth]);
  const drawn = useMemo(() => {
    const all = withEarlier(curves, earlier);
    return log ? positiveOnly(all) : all;
  }, [curves, earlier, log]);

  if (reports.length === 0 && (earlier.length === 0 || table))
    return active ? (
      <Empty>The first epoch is not over yet.</Empty>
    ) : (
      <Untrained>Train to see the loss fall.</Untrained>
    );
  if (shown !== undefined && seen.length === 0) return <Empty>At this step the first epoch was not over.</Empty>;
  if (table) return <CurveTable curves={curves} about="Loss and metrics" />;
  // All epochs keep their places when fewer are seen.
  const [first, last] = [reports[0]?.epoch, reports.at(-1)?.epoch];
  const span = shown !== undefined && first !== undefined && last !== undefined ? ([first, last] as const) : undefined;
  return <LineChart curves={drawn} log={log} {...(span && { span })} />;
}
