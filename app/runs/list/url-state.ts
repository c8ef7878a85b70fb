import { createLoader, createSerializer, parseAsStringLiteral, type inferParserType } from 'nuqs/server';
import { visibilities } from '../../../server/evaluation/labels';
import { parseAsWords } from '../shared/url-parts';

export const runStates = ['running', 'paused', 'done', 'failed', 'cancelled'] as const;

/** What of the list stands in its address. */
export const listParsers = {
  benchmark: parseAsWords(100),
  state: parseAsStringLiteral(runStates),
  q: parseAsWords(200),
  tag: parseAsWords(200),
  visibility: parseAsStringLiteral(visibilities),
};
export const loadListUrl = createLoader(listParsers);
export const listHref = createSerializer(listParsers);
export type ListUrl = inferParserType<typeof listParsers>;

/** Rows of one page of the list. */
export const listPage = 50;

/** What the server is asked for. */
export const listInput = ({ benchmark, state, q, tag, visibility }: ListUrl) => ({
  limit: listPage,
  ...(benchmark !== null && { benchmark }),
  ...(state !== null && { state }),
  ...(q !== null && { query: q }),
  ...(tag !== null && { tag }),
  ...(visibility !== null && { visibility }),
});
