import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

export type ParquetRow = Record<string, unknown>;

/** A parquet file that is read one row group at a time. */
export interface ParquetFile {
  rows: number;
  columns: readonly string[];
  /**
   * The rows in order; binary columns as Uint8Array, texts as string.
   * `failed` is called with a row group that cannot be decoded, rows counted from 0, the end not included.
   */
  read(failed: (from: number, to: number, error: Error) => void): AsyncGenerator<ParquetRow>;
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
    async *read(failed) {
      let from = 0;
      for (const group of metadata.row_groups) {
        const to = from + Number(group.num_rows);
        let rows: ParquetRow[] = [];
        try {
          rows = await parquetReadObjects({
            file,
            metadata,
            compressors,
            rowStart: from,
            rowEnd: to,
            // Otherwise binary columns come as text.
            utf8: false,
          });
        } catch (error) {
          failed(from, to, error as Error);
        }
        yield* rows;
        from = to;
      }
    },
  };
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
