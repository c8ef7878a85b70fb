/**
 * Statements are texts, which no compiler reads. Those that the integration tests have sent (record.ts) are checked here
 * against a database made from the migrations: each place in the sources has sent its own, each can be prepared, and each
 * answers with what its row type says. Run by `npm run check` after the integration tests, and by `npm run test:queries`.
 */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import type { Recorded } from './record';
import { findSites, type ColumnType, type Site } from './sites';

const file = process.env.STUDIO_QUERY_RECORD;
if (!file)
  throw new Error('Set STUDIO_QUERY_RECORD to what the integration tests recorded: npm run test:queries.');
const recorded = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded);
const isPrepared = ({ text }: Recorded) =>
  /^\s*(--.*\n\s*)*\(?(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|MERGE)\b/i.test(text);
const sites = findSites();
const placeOf = ({ file, line }: { file: string; line: number }) => `${file}:${line}`;
const sent = new Set(recorded.map(placeOf));
const unsent = sites.filter((site) => !sent.has(placeOf(site)));
/** With those that no test sends within its own process, as far as they stand in the sources as one text. */
const statements = [
  ...recorded,
  ...unsent.flatMap((site): Recorded[] =>
    site.text === null ? [] : [{ ...site, text: site.text, columns: null }],
  ),
].filter(isPrepared);

let database: TestDatabase;
let labels: Map<string, string[]>;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  const { rows } = await database.db.pool.query<{ name: string; labels: string[] }>(
    `SELECT t.oid::regtype::text AS name, array_agg(e.enumlabel::text) AS labels
     FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.oid`,
  );
  labels = new Map(rows.map((row) => [row.name, row.labels]));
});
afterAll(() => database.drop());

/** Names of the result's types, by statement; what PostgreSQL says of those that it does not take. */
async function prepareAll(client: pg.Client): Promise<(string[] | Error)[]> {
  const prepared: (string[] | Error)[] = [];
  for (const { text } of statements)
    try {
      await client.query(`PREPARE checked AS ${text}`);
      const { rows } = await client.query<{ types: string[] | null }>(
        `SELECT result_types::text[] AS types FROM pg_prepared_statements WHERE name = 'checked'`,
      );
      prepared.push(rows[0]?.types ?? []);
      await client.query('DEALLOCATE checked');
    } catch (error) {
      prepared.push(error as Error);
    }
  return prepared;
}

async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return work(client).finally(() => client.end());
}

const kindsOf: Record<string, ColumnType['kinds']> = {
  smallint: ['number'],
  integer: ['number'],
  real: ['number'],
  'double precision': ['number'],
  bigint: ['string'],
  numeric: ['string'],
  text: ['string'],
  name: ['string'],
  uuid: ['string'],
  character: ['string'],
  'character varying': ['string'],
  boolean: ['boolean'],
  'timestamp with time zone': ['date'],
  'timestamp without time zone': ['date'],
  date: ['date'],
  bytea: ['object'],
};

/** Why a column's values are not what the row type says; null where they are. */
function mismatch(type: string, said: ColumnType): string | null {
  if (/^jsonb?$/.test(type)) return null;
  const isArray = type.endsWith('[]');
  const of = type.replace(/\[\]$/, '');
  const values = labels.get(of);
  // node-postgres reads no array of a type that it does not know.
  const kinds = values ? ['string'] : isArray ? ['array'] : kindsOf[of];
  if (!kinds) return `${type} is read by nobody`;
  if (said.kinds.some((kind) => kind !== 'unknown' && !kinds.includes(kind)))
    return `${type} comes as ${kinds.join(', ')}, not as ${said.kinds.join(', ')}`;
  const strange = isArray ? [] : (said.texts ?? []).filter((text) => values && !values.includes(text));
  return strange.length > 0 ? `${type} has no ${strange.join(', ')}` : null;
}

test('every place has sent its statements, or has one text', () => {
  expect(unsent.filter(({ text }) => text === null).map(placeOf)).toEqual([]);
  const known = new Set(sites.map(placeOf));
  expect(
    [...sent].filter((place) => !known.has(place)),
    'not found in the sources',
  ).toEqual([]);
});

test('every statement fits the schema, and its answer the row type', async () => {
  const byPlace = new Map(sites.map((site): [string, Site] => [placeOf(site), site]));
  const prepared = await withClient(prepareAll);
  const faults = statements.flatMap((statement, i) => {
    const place = placeOf(statement);
    const types = prepared[i]!;
    if (types instanceof Error) return [`${place}: ${types.message}`];
    const { row = null, readsRows = false } = byPlace.get(place) ?? {};
    if (!statement.columns) return [];
    if (!row) return readsRows ? [`${place}: its rows are read and have no type`] : [];
    const names = statement.columns.map(({ name }) => name);
    return [...row].flatMap(([name, said]) => {
      const type = types[names.indexOf(name)];
      const fault = type === undefined ? 'is not in the answer' : mismatch(type, said);
      return fault ? [`${place}: ${name}: ${fault}`] : [];
    });
  });
  expect([...new Set(faults)]).toEqual([]);
});

test('a column under another name fails at every statement that reads it', async () => {
  await withClient(async (client) => {
    for (const [table, name] of [
      ['evaluation_run', 'started_by'],
      ['generation', 'event_seq'],
    ] as const) {
      const reads = statements.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).map(placeOf);
      // Of several places: workers note the same statement each for itself.
      expect(new Set(reads).size).toBeGreaterThan(1);
      await client.query(`BEGIN; ALTER TABLE ${table} RENAME ${name} TO renamed; COMMIT`);
      const prepared = await prepareAll(client);
      const failed = statements.filter((_, i) => prepared[i] instanceof Error).map(placeOf);
      expect(failed).toEqual(reads);
      await client.query(`ALTER TABLE ${table} RENAME renamed TO ${name}`);
    }
  });
});
