import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors as known } from 'hyparquet-compressors';
import { decompressLz4, decompressLz4Raw } from './lz4';

export type ParquetRow = Record<string, unknown>;

const compressors = { ...known, LZ4: decompressLz4, LZ4_RAW: decompressLz4Raw };

/** The value of every row of a column that cannot be decoded. */
export const undecodable = Symbol('undecodable');

/** Called with rows, counted from 0, the end not included, and with the column, or null where it is all of them. */
export type Failed = (from: number, to: number, error: Error, column: string | null) => void;

/** A parquet file that is read one row group at a time. */
export interface ParquetFile {
  rows: number;
  columns: readonly string[];
  /**
   * The rows in order; binary columns as Uint8Array, texts as string. A column that cannot be decoded costs a row group
   * its values (`undecodable`), and where it is required the row group.
   */
  read(required: readonly string[], failed: Failed): AsyncGenerator<ParquetRow>;
}

/** @throws when it is no parquet file, or the file system's error */
export async function openParquet(path: string): Promise<ParquetFile> {
  const file = await asyncBufferFromFile(path);
  // A shorter file than the footer's eight bytes makes hyparquet read before its start.
  if (file.byteLength < 12) throw new Error('it is too short for a parquet file');
  const metadata = await parquetMetadataAsync(file);
  return {
    rows: Number(metadata.num_rows),
    columns: columnsOf(metadata),
    async *read(required, failed) {
      let from = 0;
      for (const group of metadata.row_groups) {
        const to = from + Number(group.num_rows);
        const range = { file, metadata, compressors, rowStart: from, rowEnd: to, utf8: false };
        yield* await parquetReadObjects(range).catch((error: Error) =>
          columnByColumn(range, columnsOf(metadata), required, error, failed),
        );
        from = to;
      }
    },
  };
}

/** A part of a file; without `utf8: false` binary columns come as text. */
type Range = Parameters<typeof parquetReadObjects>[0] & { rowStart: number; rowEnd: number };

async function columnByColumn(
  range: Range,
  columns: readonly string[],
  required: readonly string[],
  error: Error,
  failed: Failed,
): Promise<ParquetRow[]> {
  const { rowStart: from, rowEnd: to } = range;
  const rows: ParquetRow[] = Array.from({ length: to - from }, () => ({}));
  const lost: [column: string, error: Error][] = [];
  for (const column of columns)
    try {
      const values = await parquetReadObjects({ ...range, columns: [column] });
      values.forEach((value: ParquetRow, i) => Object.assign(rows[i]!, { [column]: value[column] }));
    } catch (own) {
      for (const row of rows) row[column] = undecodable;
      lost.push([column, own as Error]);
    }
  for (const [column, own] of lost)
    if (required.includes(column)) {
      failed(from, to, own, lost.length === columns.length ? null : column);
      return [];
    }
  if (lost.length === 0) throw error;
  for (const [column, own] of lost) failed(from, to, own, column);
  return rows;
}

function columnsOf({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  // The schema is a tree written in depth first order; only the root's children are columns.
  for (let at = 1; at < schema.length; at = after(schema, at)) names.push(schema[at]!.name);
  return names;
}

function after(schema: FileMetaData['schema'], at: number): number {
  let next = at + 1;
  for (let child = schema[at]!.num_children ?? 0; child > 0; child--) next = after(schema, next);
  return next;
}
