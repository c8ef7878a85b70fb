import { readableSql, type Reader } from '../runs/access';
import type { Db } from '../db/client';

/**
 * Whom a picture is for. `anybody`: sent, made or reported in the demo, or known to nothing that is the team's.
 * `published`: an output or an input of a published run, which can be taken back. `reader`: of what this reader may
 * read. Null: not for this reader.
 */
export type PictureAccess = 'anybody' | 'published' | 'reader' | null;

/**
 * Whether a reader may see a picture. A picture may be of several runs, uploads and results: it is as public as the most
 * public of them. Each part is one look into an index, and for most pictures the first few are the only ones.
 */
export async function pictureAccess(db: Db, reader: Reader, hash: string): Promise<PictureAccess> {
  const { rows } = await db.pool.query<{ access: PictureAccess | 'team' }>(
    `SELECT CASE
       WHEN EXISTS (SELECT 1 FROM upload WHERE hash = $1)
         OR EXISTS (SELECT 1 FROM generation WHERE picture_hash = $1)
         OR EXISTS (SELECT 1 FROM generation WHERE source_hash = $1)
         OR EXISTS (SELECT 1 FROM flag WHERE picture_hash = $1)
         OR EXISTS (SELECT 1 FROM flag WHERE source_hash = $1) THEN 'anybody'
       WHEN ${ofRuns(readableSql({ user: null }))} THEN 'published'
       WHEN EXISTS (SELECT 1 FROM review_upload WHERE hash = $1)
         OR EXISTS (SELECT 1 FROM review_output WHERE hash = $1)
         OR EXISTS (SELECT 1 FROM review_input WHERE hash = $1)
         OR EXISTS (SELECT 1 FROM item_picture WHERE hash = $1) THEN 'team'
       WHEN ${ofRuns('true')} THEN CASE WHEN ${ofRuns(readableSql(reader))} THEN 'reader' END
       ELSE 'anybody' END AS access`,
    [hash],
  );
  const { access } = rows[0]!;
  if (access === 'team') return reader.user ? 'reader' : null;
  return access;
}

/** SQL: whether it is an output of a run `r`, as it is or as it was recorded, or belongs to the data of one. */
const ofRuns = (condition: string) => `(
  EXISTS (SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id WHERE s.picture_hash = $1 AND ${condition})
  OR EXISTS (SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id WHERE s.recorded_hash = $1 AND ${condition})
  OR EXISTS (SELECT 1 FROM item_picture p JOIN item i ON i.id = p.item_id
    JOIN evaluation_run r ON r.version_id = i.version_id WHERE p.hash = $1 AND ${condition}))`;
