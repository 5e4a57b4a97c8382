// Which class is taken for which: a matrix whose cells are numbers and colours at once, or each class in a row.

import type { Confusion } from "../../engine/protocol/inspection";
import { formatCount, formatShare } from "../numbers";
import { useSelected } from "../store";
import { Empty } from "./empty";
import { Evaluated } from "./evaluated";
import { NumberTable } from "./number-table";

export function ConfusionTab() {
  const { table } = useSelected(({ chart }) => chart);
  return (
    <Evaluated wanted="which class is taken for which">
      {({ confusion }) =>
        !confusion ? (
          <Empty>The outputs do not decide between classes of the data.</Empty>
        ) : table ? (
          <ClassTable confusion={confusion} />
        ) : (
          <Matrix confusion={confusion} />
        )
      }
    </Evaluated>
  );
}

function Matrix({ confusion: { classes, counts } }: { readonly confusion: Confusion }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="numbers" tabIndex={0} aria-label="Confusion matrix">
      <table className="confusion">
        <caption>Rows: expected. Columns: predicted.</caption>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, expected) => (
            <tr key={classes[expected]}>
              <th scope="row">{classes[expected]}</th>
              {row.map((count, predicted) => (
                <td
                  key={classes[predicted]}
                  className={expected === predicted ? "confusion-right" : "confusion-wrong"}
                  // By square root: the few that are mistaken are what one looks for.
                  style={{ "--share": Math.sqrt(shareOf(count, row)) } as React.CSSProperties}
                  title={`${formatCount(count)} of ${classes[expected]} taken for ${classes[predicted]}`}
                >
                  {count === 0 ? "" : formatCount(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ClassTable({ confusion: { classes, counts } }: { readonly confusion: Confusion }) {
  const rows = classes.map((name, own) => {
    const right = counts[own]![own]!;
    const predicted = sum(counts.map((row) => row[own]!));
    const others = counts[own]!.map((count, other) => (other === own ? -1 : count));
    const most = others.indexOf(Math.max(...others));
    const confusedWith = others[most]! > 0 ? `${classes[most]} (${formatCount(others[most]!)})` : "–";
    return {
      name,
      cells: [
        formatCount(sum(counts[own]!)),
        formatCount(right),
        formatShare(shareOf(right, counts[own]!)),
        predicted === 0 ? "–" : formatShare(right / predicted),
        confusedWith,
      ],
    };
  });
  return (
    <NumberTable
      caption="Each class: how many were recognized"
      corner="class"
      columns={["samples", "right", "recall", "precision", "most taken for"]}
      rows={rows}
    />
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function shareOf(count: number, row: readonly number[]): number {
  return count === 0 ? 0 : count / sum(row);
}
