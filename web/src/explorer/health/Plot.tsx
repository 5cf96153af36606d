import type { ReactElement } from "react";

import { count, counted } from "../words";

export interface Bar {
  label: string;
  value: number;
  href?: string;
  open?: boolean;
}

/** Numbers side by side. It is a table, so that those who hear it have the same as those who see the bars. */
export function Plot({
  caption,
  unit,
  units,
  bars,
}: {
  caption: string;
  unit: string;
  units?: string;
  bars: Bar[];
}): ReactElement {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <table className="plot">
      <caption className="unseen">{caption}</caption>
      <tbody>
        {bars.map(({ label, value, href, open }) => (
          <tr key={label}>
            <th scope="row">
              {href ? (
                <a href={href} aria-current={open ? "true" : undefined}>
                  {label}
                </a>
              ) : (
                label
              )}
            </th>
            <td className="bar-cell" aria-hidden="true">
              <svg width="100%" height="12">
                <rect className="track" width="100%" height="12" rx="3" />
                <rect width={`${(100 * value) / most}%`} height="12" rx="3" />
              </svg>
            </td>
            <td className="number" title={counted(value, unit, units)}>
              {count(value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
