import { cn } from '../../_ui/cn';

interface FiguresProps {
  caption: string;
  /** Empty above the names, where nothing is to be said of them. */
  head: readonly string[];
  /** The first of each is its name. */
  rows: readonly (readonly string[])[];
  className?: string;
}

/** A small table of figures. */
export function Figures({ caption, head, rows, className }: FiguresProps) {
  return (
    <div role="region" aria-label={caption} tabIndex={0} className={cn('overflow-auto', className)}>
      <table className="w-full text-[13px] tabular-nums">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {head.map((word, i) =>
              word === '' ? (
                <td key={i} />
              ) : (
                <th
                  key={i}
                  scope="col"
                  className="text-muted px-2 py-1 text-right text-xs font-medium first:pl-0 first:text-left"
                >
                  {word}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values], r) => (
            <tr key={r}>
              <th scope="row" className="border-line min-w-24 border-t py-1.5 pr-2 text-left font-normal">
                {name}
              </th>
              {values.map((value, i) => (
                <td key={i} className="border-line border-t px-2 py-1.5 text-right whitespace-nowrap">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
