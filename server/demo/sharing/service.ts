import { randomBytes } from 'node:crypto';
import { manifestSchema } from '../../../models/runtime/manifest';
import type { Db } from '../../platform/db/client';
import { storableText } from '../../platform/db/text';
import { transaction } from '../../platform/db/transaction';
import { generationSelect, generationView } from '../jobs/view';
import { StudioError } from '../../platform/errors/errors';
import type { FlagReason, FlagView, Shared } from './schema';

/** Public links to single results, and reports of results. */

export interface SharingDeps {
  db: Db;
}

export interface ShareState {
  token: string | null;
  createdAt: Date | null;
}

const notFound = () => new StudioError('NOT_FOUND', 'This result doesn’t exist or has been removed.');
const noLink = () =>
  new StudioError('NOT_FOUND', 'This link doesn’t exist or has been revoked.', { reason: 'LINK_WITHDRAWN' });

async function ownResult({ db }: SharingDeps, visitorId: string, id: string) {
  const row = await db.prisma.generation.findFirst({
    where: { id, visitorId },
    select: { state: true, share: { select: { token: true, createdAt: true } } },
  });
  if (!row) throw notFound();
  return row;
}

/** The link of one of the visitor's results, null where it has none. */
export async function shareState(deps: SharingDeps, visitorId: string, id: string): Promise<ShareState> {
  const { share } = await ownResult(deps, visitorId, id);
  return share ?? { token: null, createdAt: null };
}

/**
 * Makes the link of a result; asked again, it is the same link.
 * @throws StudioError NOT_FOUND, CONFLICT for a job without a result
 */
export async function share(deps: SharingDeps, visitorId: string, id: string): Promise<ShareState> {
  const { state } = await ownResult(deps, visitorId, id);
  if (state !== 'done')
    throw new StudioError('CONFLICT', 'You can only share a finished result. Wait until it’s done.', {
      reason: 'NOT_SHAREABLE',
    });
  await deps.db.pool.query(
    `INSERT INTO share (token, generation_id)
     SELECT $1, id FROM generation WHERE id = $2 AND visitor_id = $3 ON CONFLICT (generation_id) DO NOTHING`,
    [randomBytes(18).toString('base64url'), id, visitorId],
  );
  return shareState(deps, visitorId, id);
}

/** Withdraws the link for good: a later one is another. Repeating does nothing. */
export async function unshare(deps: SharingDeps, visitorId: string, id: string): Promise<ShareState> {
  await ownResult(deps, visitorId, id);
  await deps.db.prisma.share.deleteMany({ where: { generationId: id, generation: { visitorId } } });
  return { token: null, createdAt: null };
}

/** What anybody with the link sees. @throws StudioError NOT_FOUND */
export async function readShared({ db }: SharingDeps, token: string): Promise<Shared> {
  const found = await db.prisma.share.findUnique({
    where: { token },
    select: { generation: { select: { ...generationSelect, revision: { select: { manifest: true } } } } },
  });
  if (!found) throw noLink();
  const { revision, ...row } = found.generation;
  const { task, prompt, language, parameters, source, picture, text, imported, createdAt } =
    generationView(row);
  const manifest = manifestSchema.safeParse(revision.manifest);
  const { name, version, notice = '', notice_zh: noticeZh = null } = manifest.data ?? {};
  return {
    ...{ token, task, prompt, language, parameters, source, picture, text, imported, createdAt },
    model: imported || !name || !version ? null : { name, version, notice, noticeZh },
  };
}

/**
 * Reports a result to the reviewers, as it is now. A visitor's second report of a result takes the place of the first.
 * @param target one of the visitor's own results by its id, or a shared one by its token
 * @throws StudioError NOT_FOUND
 */
export async function flag(
  { db }: SharingDeps,
  visitorId: string,
  target: { id: string } | { token: string },
  report: { reason: FlagReason; comment: string },
): Promise<{ id: string }> {
  const [where, key] =
    'id' in target
      ? ['g.id = $2 AND g.visitor_id = $1', target.id]
      : ['g.id = (SELECT generation_id FROM share WHERE token = $2)', target.token];
  return transaction(db.pool, async (client) => {
    await client.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO flag (id, generation_id, visitor_id, reason, comment, task, prompt, source_hash, picture_hash, text)
       SELECT gen_random_uuid(), g.id, $1, $3::flag_reason, $4, g.task, g.prompt, g.source_hash, g.picture_hash, g.text
       FROM generation g WHERE ${where}
       ON CONFLICT (generation_id, visitor_id) DO UPDATE SET reason = excluded.reason, comment = excluded.comment,
         prompt = excluded.prompt, picture_hash = excluded.picture_hash, text = excluded.text, created_at = now()
       RETURNING id`,
      [visitorId, key, report.reason, storableText(report.comment)],
    );
    if (!rows[0]) throw 'id' in target ? notFound() : noLink();
    return rows[0];
  });
}

/**
 * Reports for the reviewers, newest first; a result that was removed is still in its report.
 * @param page `cursor` is the id of the last one seen
 */
export async function listFlags(
  { db }: SharingDeps,
  page: { cursor?: string | null; limit: number },
): Promise<{ items: FlagView[]; nextCursor: string | null }> {
  const rows = await db.prisma.flag.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...(page.cursor ? { cursor: { id: page.cursor }, skip: 1 } : {}),
    take: page.limit + 1,
    omit: { generationId: true, visitorId: true },
  });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}
