import type { Services } from '../../accounts/context';
import { sitePath } from '../../platform/env/site-path';
import { readableSql, type Reader } from '../../accounts/run-access';
import type { Db } from '../../platform/db/client';
import { isOwn, isShared } from '../../platform/limits/storage';

/** Who asks for pictures: the visitors that they are known to be, and the account. */
export interface PictureReader extends Reader {
  visitorIds: readonly string[];
}

/**
 * Why somebody may see a picture. `published`: an output or an input of a published run. `shared`: the result of a
 * public link, or what it was made of. `own`: the visitor's own upload, source, result or preview. `reader`: of what
 * this reader may read.
 */
export type PictureAccess = 'published' | 'shared' | 'own' | 'reader';

/**
 * Which of these pictures a reader may see, and why. A picture may be of several runs, uploads and results: it is as
 * public as the most public of them, and nobody's once they are gone. Each part is one look into an index.
 */
export async function pictureAccesses(
  db: Db,
  { user, visitorIds }: PictureReader,
  hashes: readonly string[],
): Promise<Map<string, PictureAccess>> {
  const { rows } = await db.pool.query<{ hash: string; access: PictureAccess | 'team' | null }>(
    `SELECT wanted.hash, CASE
       WHEN ${ofRuns(readableSql({ user: null }))} THEN 'published'
       WHEN ${isShared('wanted.hash')} THEN 'shared'
       WHEN ${isOwn('wanted.hash', 'ANY($2)')}
         OR EXISTS (SELECT 1 FROM generation_event e JOIN generation g ON g.id = e.generation_id
           WHERE e.data #>> '{picture,hash}' = wanted.hash::text AND g.visitor_id = ANY($2)) THEN 'own'
       WHEN EXISTS (SELECT 1 FROM review_upload r WHERE r.hash = wanted.hash)
         OR EXISTS (SELECT 1 FROM review_output r WHERE r.hash = wanted.hash)
         OR EXISTS (SELECT 1 FROM review_input r WHERE r.hash = wanted.hash)
         OR EXISTS (SELECT 1 FROM item_picture p WHERE p.hash = wanted.hash)
         OR EXISTS (SELECT 1 FROM flag f WHERE f.picture_hash = wanted.hash)
         OR EXISTS (SELECT 1 FROM flag f WHERE f.source_hash = wanted.hash) THEN 'team'
       WHEN ${ofRuns(readableSql({ user }))} THEN 'reader' END AS access
     FROM unnest($1::char(64)[]) AS wanted(hash)`,
    [hashes, visitorIds],
  );
  return new Map(
    rows.flatMap(({ hash, access }) => {
      const mine = access !== 'team' ? access : user ? 'reader' : null;
      return mine === null ? [] : [[hash, mine] as const];
    }),
  );
}

/** SQL: whether it is an output of a run `r`, as it is or as it was recorded, or belongs to the data of one. */
const ofRuns = (condition: string) => `(
  EXISTS (SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id
    WHERE s.picture_hash = wanted.hash AND ${condition})
  OR EXISTS (SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id
    WHERE s.recorded_hash = wanted.hash AND ${condition})
  OR EXISTS (SELECT 1 FROM item_picture p JOIN item i ON i.id = p.item_id
    JOIN evaluation_run r ON r.version_id = i.version_id WHERE p.hash = wanted.hash AND ${condition}))`;

/** The parameter of a picture's address that says for whom it is, where nothing else does. */
export const visitorParameter = 'visitor';

/** The path where whoever has it gets the picture, as long as this visitor may see it. */
export const linkTo = (hash: string, visitorId: string, { visitors }: Services['auth']): string =>
  sitePath(`/api/images/${hash}?${visitorParameter}=${visitors.issue(visitorId, `picture ${hash}`)}`);
