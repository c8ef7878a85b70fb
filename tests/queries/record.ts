/**
 * Set up before the integration tests: notes every statement that the server sends, with the place in the sources that sent it
 * and the columns that came back, for the checks of queries.test.ts. The first time of each place and text costs a stack trace;
 * later ones a look into a set.
 */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { root } from '../support/paths';

/** A statement as a place in the sources sent it. */
export interface Recorded {
  /** From the root of the project. */
  file: string;
  /** From 1. */
  line: number;
  text: string;
  /** Null where no answer came. */
  columns: { name: string; type: number }[] | null;
}

/** A file of JSON lines; unset, nothing is recorded. */
const target = process.env.STUDIO_QUERY_RECORD;
const server = path.join(root, 'server') + path.sep;
const marker = Symbol.for('studio.queries.recorded');

interface Site {
  file: string;
  line: number;
}

const depth = 12;
/** Frames between the call and who sent the statement. */
const between = /[\\/]node_modules[\\/]pg(-pool)?[\\/]|[\\/]tests[\\/]queries[\\/]/;
/** What a place in the running code is in the sources, once found. */
const known = new Map<string, Site | null>();

/** The nearest place in server/ that called; null for what libraries send on their own, and for Prisma's statements. */
function siteOf(): Site | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  // Frames as they are cost little; the lines of the sources behind them are looked up once for each place.
  Error.prepareStackTrace = (_error, frames) => frames;
  const frames = new Error().stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  const caller = frames.find((frame) => !between.test(frame.getFileName() ?? ''));
  const place = caller ? `${caller.getFileName()}:${caller.getLineNumber()}:${caller.getColumnNumber()}` : '';
  if (!known.has(place)) known.set(place, siteIn(new Error().stack ?? ''));
  Error.stackTraceLimit = stackTraceLimit;
  return known.get(place) ?? null;
}

function siteIn(stack: string): Site | null {
  for (const frame of stack.split('\n')) {
    const [, file, line] = /\(?(?:file:\/\/)?([^()\s]+?):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (!file || !line) continue;
    if (between.test(file)) continue;
    // What a library sends is the library's, whoever called it; the pool of the job engine only hands it on.
    const isOurs = file.startsWith(server) && !/[\\/]generated[\\/]|engine-pool\.ts$/.test(file);
    return isOurs ? { file: path.relative(root, file), line: Number(line) } : null;
  }
  return null;
}

if (target && !(marker in globalThis)) {
  Object.assign(globalThis, { [marker]: true });
  const done = new Set<string>();
  const write = (recorded: Recorded) => appendFileSync(target, `${JSON.stringify(recorded)}\n`);
  for (const { prototype } of [pg.Pool, pg.Client] as {
    prototype: { query: (...args: unknown[]) => unknown };
  }[]) {
    const { query } = prototype;
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const [config] = args;
      const text = typeof config === 'string' ? config : (config as { text?: unknown } | null)?.text;
      const site = typeof text === 'string' ? siteOf() : null;
      const result = query.apply(this, args);
      const key = site && `${site.file}:${site.line} ${String(text)}`;
      if (!key || done.has(key)) return result;
      const note = (fields: pg.FieldDef[] | null) => {
        if (done.has(key)) return;
        done.add(key);
        write({
          ...site,
          text: text as string,
          columns: fields?.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })) ?? null,
        });
      };
      if (result instanceof Promise)
        result.then(
          (answer: pg.QueryResult | pg.QueryResult[]) =>
            note(Array.isArray(answer) ? null : (answer.fields ?? null)),
          () => undefined,
        );
      return result;
    };
  }
}
