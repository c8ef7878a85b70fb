import type { Db } from '../../platform/db/client';
import type { Reader } from '../../accounts/run-access';
import { publicText } from './redact';
import type { SampleTile } from './schema';

/** Characters of a prompt or an answer in a tile. */
const shortened = 300;

export interface TileRecord {
  id: string;
  key: string;
  position: number;
  group: string;
  repeat: number;
  state: SampleTile['state'];
  prompt: string;
  picture: SampleTile['picture'];
  text: string | null;
  correct: boolean | null;
  scores: SampleTile['scores'];
  margin: number | null;
  reason: string | null;
  error: string | null;
  latency_ms: number | null;
}

/** SQL: the columns of a tile, of `s` with its item `i` and its picture `p`; `tileJoins` has those. */
const tileColumns = `s.id, i.key, s.position, s."group", s.repeat, s.state, left(i.prompt, ${shortened + 1}) AS prompt,
  left(s.text, ${shortened + 1}) AS text, s.correct, s.margin, s.reason, s.error, s.latency_ms,
  CASE WHEN p.hash IS NOT NULL THEN jsonb_build_object('hash', p.hash, 'width', p.width, 'height', p.height) END AS picture,
  coalesce((SELECT jsonb_agg(jsonb_build_object('metric', c.metric, 'value', c.value) ORDER BY c.metric)
    FROM score c WHERE c.sample_id = s.id), '[]') AS scores`;
const tileJoins = `JOIN item i ON i.id = s.item_id LEFT JOIN blob p ON p.hash = s.picture_hash`;

/** The tiles of some samples, in the order given; those that were removed meanwhile are left out. */
export async function tilesOf(db: Db, reader: Reader, ids: readonly string[]): Promise<SampleTile[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.pool.query<TileRecord>(
    `SELECT ${tileColumns} FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, place)
     JOIN sample s ON s.id = wanted.id ${tileJoins} ORDER BY wanted.place`,
    [ids],
  );
  return rows.map((row) => tileOf(row, reader));
}

/** What is left out of a text is told by an ellipsis. */
const short = (text: string): string =>
  [...text].length > shortened ? `${[...text].slice(0, shortened - 1).join('')}…` : text;

export function tileOf({ latency_ms, error, reason, ...row }: TileRecord, { user }: Reader): SampleTile {
  return {
    ...row,
    prompt: short(row.prompt),
    text: row.text === null ? null : short(row.text),
    reason: error === null ? reason : user ? error : publicText(error),
    latencyMs: latency_ms,
  };
}
