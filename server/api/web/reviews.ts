import { atLeast, type Me, type Role } from '../../accounts/schema';
import { record } from '../../platform/audit/audit';
import { StudioError } from '../../platform/errors/errors';
import { exportQueue, type ExportFormat } from '../../reviews/export';
import { recordReviewUpload } from '../../reviews/pictures';
import type { Services } from '../../accounts/context';
import { addressOf, isSameSite } from '../../accounts/visitor';
import { userOf } from './require-user';
import { jsonError, refusalOf } from './responses';
import { readLimited, storeSent, uploadRefusal } from './uploads';

type Needs = Pick<Services, 'db' | 'blobs' | 'log' | 'limits' | 'turns' | 'auth'>;

/** The team's routes of reviews that are no procedures. Who is not of the team is not told that there is anything. */
async function memberOf(request: Request, services: Needs, needed: Role): Promise<Me | Response> {
  const user = await userOf(request, services);
  if (!user) return jsonError(401, 'SIGN_IN', 'Sign in first.');
  if (!atLeast(user.role, needed))
    return refusalOf(
      new StudioError('FORBIDDEN', `This requires the ${needed} role; yours is ${user.role}.`, {
        reason: 'ROLE_NEEDED',
        params: { needed, role: user.role },
      }),
    );
  return user;
}

/**
 * Takes one picture for reviews as the binary body, at most 20 MB, and answers `{hash, width, height}`. Only the team
 * can see it, whoever has its address.
 */
export async function receiveReviewUpload(request: Request, services: Needs): Promise<Response> {
  if (!isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was rejected.');
  try {
    const user = await memberOf(request, services, 'reviewer');
    if (user instanceof Response) return user;
    const asker = { visitorId: user.id, address: addressOf(request.headers) };
    await services.limits.takeUpload(asker);
    const picture = await storeSent(services, asker, await readLimited(request));
    await recordReviewUpload(services.db, user.id, picture.hash);
    await record(services.db.pool, {
      ...{ userId: user.id, what: 'review.uploaded', details: { hash: picture.hash } },
    });
    return Response.json(picture, { status: 201, headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    return uploadRefusal(error, services);
  }
}

/** A queue as a file, `?format=jsonl` or `csv`, written as fast as it is read and never in memory as a whole. */
export async function serveReviewExport(request: Request, id: string, services: Needs): Promise<Response> {
  try {
    const user = await memberOf(request, services, 'viewer');
    if (user instanceof Response) return user;
    const format = new URL(request.url).searchParams.get('format') ?? 'jsonl';
    if (!isFormat(format)) return jsonError(400, 'BAD_REQUEST', 'The format must be jsonl or csv.');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      return jsonError(404, 'QUEUE_UNKNOWN', 'This review queue doesn’t exist.');
    const { name, chunks } = await exportQueue(services, user, id, format);
    return new Response(streamOf(chunks), {
      headers: {
        'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'private, no-store',
      },
    });
  } catch (error) {
    return uploadRefusal(error, services, 'export');
  }
}

const isFormat = (format: string): format is ExportFormat => format === 'jsonl' || format === 'csv';

/** One chunk is made when one is asked for; none once the reader has left. */
function streamOf(chunks: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
