// A table that scrolls under its head.

interface NumberTableProps {
  readonly caption: string;
  /** Names the first column. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

export function NumberTable({ caption, corner, columns, rows }: NumberTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="numbers" tabIndex={0} aria-label={caption}>
      <table className="numbers-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {[corner, ...columns].map((name) => (
              <th className="numbers-cell numbers-head" scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th className="numbers-cell numbers-name" scope="row">
                {name}
              </th>
              {cells.map((text, column) => (
                <td className="numbers-cell" key={columns[column]}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
