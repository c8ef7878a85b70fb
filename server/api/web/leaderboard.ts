import { cache } from 'react';
import { StudioError } from '../../platform/errors/errors';
import { parseEnv } from '../../platform/env/env';
import { readAblations, type Ablations } from '../../evaluation/leaderboard/ablations';
import { exportTable, mediaTypes } from '../../evaluation/leaderboard/export';
import { readOverview } from '../../evaluation/leaderboard/overview';
import {
  exportFormats,
  type ExportFormat,
  type Leaderboard,
  type Overview,
} from '../../evaluation/leaderboard/schema';
import { readTable } from '../../evaluation/leaderboard/table';
import type { View } from '../../evaluation/leaderboard/view';
import type { Services } from '../../accounts/context';
import { failureOf, jsonError, refusalOf } from './responses';
import { getServices } from './services';

/** What the page of a benchmark shows first; `missing` where there is no such benchmark, null where the page has to ask. */
export const tableView = cache(async (benchmark: string): Promise<Leaderboard | 'missing' | null> => {
  const { db, log } = getServices();
  try {
    return await readTable(db, benchmark);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return 'missing';
    log.warn({ err: error }, 'the first view was left to the page');
    return null;
  }
});

/** The same of the overview. */
export async function overviewView(): Promise<Overview | null> {
  const { db, log } = getServices();
  return readOverview(db).catch((error: unknown) => {
    log.warn({ err: error }, 'the first view was left to the page');
    return null;
  });
}

const ablations = (): Promise<Ablations> => readAblations(parseEnv(process.env).modelDir);

/** The ablations that the model of this installation brings; null where they cannot be read. */
export async function ablationsView(): Promise<Ablations | null> {
  const { log } = getServices();
  return ablations().catch((error: unknown) => {
    log.warn({ err: error }, 'the ablations were left out');
    return null;
  });
}

/** The same as JSON. */
export async function serveAblations(): Promise<Response> {
  try {
    return Response.json(await ablations(), {
      headers: { 'cache-control': 'no-store' },
    });
  } catch (error) {
    if (error instanceof StudioError) return refusalOf(error);
    throw error;
  }
}

/** A benchmark's table as a file, as the view of the address has it. */
export async function serveTable(
  { db, log }: Pick<Services, 'db' | 'log'>,
  benchmark: string,
  format: string | null,
  view: View,
): Promise<Response> {
  const wanted = format ?? 'json';
  if (!isFormat(wanted))
    return jsonError(400, 'BAD_REQUEST', `The format must be one of ${exportFormats.join(', ')}.`);
  try {
    const table = await readTable(db, benchmark);
    const headers = new Headers({
      'content-type': mediaTypes[wanted],
      'cache-control': 'no-store',
    });
    // JSON is for programs; the others are files to keep.
    if (wanted !== 'json')
      headers.set('content-disposition', `attachment; filename="${fileName(benchmark)}.${wanted}"`);
    return new Response(exportTable(table, view, wanted), { headers });
  } catch (error) {
    const what = `export of the leaderboard ${benchmark} failed`;
    return failureOf(error, { log }, what, 'The table could not be exported. Try again.');
  }
}

const isFormat = (name: string): name is ExportFormat => (exportFormats as readonly string[]).includes(name);

const fileName = (benchmark: string) => benchmark.replace(/[^\w.-]/g, '_');
