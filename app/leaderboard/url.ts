import {
  createLoader,
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import type { View } from '@/server/evaluation/leaderboard/view';

/** The addresses of the leaderboard: what of a table is looked at. Wrong values are as good as none. */

/** What a stranger puts into an address is cut here. */
const most = { text: 200, list: 60 };

const textParser = createParser({
  parse: (value) => value.slice(0, most.text),
  serialize: String,
});

/** `accuracy` for rising, `-accuracy` for falling. */
export const sortParser = createParser<NonNullable<View['sort']>>({
  parse(value) {
    const desc = value.startsWith('-');
    const column = (desc ? value.slice(1) : value).slice(0, most.text);
    return column === '' ? null : { column, desc };
  },
  serialize: ({ column, desc }) => `${desc ? '-' : ''}${column}`,
  eq: (a, b) => a.column === b.column && a.desc === b.desc,
});

/** `counting:0.5`: only rows whose figure is at least so good. */
export const limitParser = createParser<NonNullable<View['limit']>>({
  parse(value) {
    const at = value.lastIndexOf(':');
    const number = value.slice(at + 1).trim();
    const limit = Number(number);
    if (at < 1 || at > most.text || number === '' || !Number.isFinite(limit)) return null;
    return { metric: value.slice(0, at), value: limit };
  },
  serialize: ({ metric, value }) => `${metric}:${value}`,
  eq: (a, b) => a.metric === b.metric && a.value === b.value,
});

const listParser = createParser<string[]>({
  parse: (value) => parseAsArrayOf(parseAsString).parse(value)?.slice(0, most.list) ?? null,
  serialize: (value) => parseAsArrayOf(parseAsString).serialize(value),
  eq: (a, b) => a.length === b.length && a.every((one, i) => one === b[i]),
});

export const charts = ['radar', 'bars', 'latency', 'history'] as const;
export type Chart = (typeof charts)[number];

/** Of the table of a benchmark. */
export const tableParams = {
  q: textParser.withDefault(''),
  kind: parseAsStringLiteral(['measured', 'published'] as const),
  board: textParser,
  complete: parseAsBoolean.withDefault(false),
  limit: limitParser,
  sort: sortParser,
  columns: listParser,
  chart: parseAsStringLiteral(charts),
  /** Rows of the charts. */
  rows: listParser,
};

/** Of the overview. */
export const overviewParams = {
  q: textParser.withDefault(''),
  kind: parseAsStringLiteral(['measured', 'published'] as const),
  sort: sortParser,
};

export const loadTableParams = createLoader(tableParams);
