import { RuntimeError } from '../../../models/runtime/errors';
import { exportConversation } from '../../demo/conversations/export';
import { importConversations } from '../../demo/conversations/import';
import type { Services } from '../../accounts/context';
import { checkStorage } from '../../platform/limits/storage';
import { bodyLimits } from '../../platform/limits/body-limits.mjs';
import { addressOf, isSameSite } from '../../accounts/visitor';
import { failureOf, jsonError } from './responses';
import { checkPicture, lineOf, readLimited } from './uploads';
import { whoAsks } from './requester';

type Needs = Pick<Services, 'db' | 'blobs' | 'log' | 'limits' | 'turns' | 'auth'>;

/** The way to one of the visitor's own results as a ZIP file. */
export async function serveConversation(request: Request, id: string, services: Needs): Promise<Response> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    return jsonError(404, 'NOT_FOUND', 'This result doesn’t exist or has been removed.');
  try {
    const { visitorId } = await whoAsks(request, services);
    const zip = await exportConversation(services, visitorId, id);
    return new Response(zip, {
      headers: {
        'content-type': 'application/zip',
        'content-length': String(zip.byteLength),
        'content-disposition': `attachment; filename="conversation-${id.slice(-8)}.zip"`,
        'cache-control': 'private, no-store',
      },
    });
  } catch (error) {
    return refusal(error, services, 'export of a conversation failed');
  }
}

/** Takes conversations as the binary body (server/demo/conversations/import.ts) and answers `{ids}`. */
export async function receiveConversation(request: Request, services: Needs): Promise<Response> {
  if (!isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was rejected.');
  try {
    const who = await whoAsks(request, services);
    const { visitorId } = who;
    const asker = { visitorId, address: addressOf(request.headers) };
    await services.limits.takeUpload(asker);
    // Its turn comes when the file is there: who sends slowly keeps nobody waiting.
    const file = await readLimited(request, bodyLimits.conversation);
    const imported = await services.turns.imports.take(lineOf(asker), () =>
      importConversations(services, visitorId, file, {
        check: (sent) => services.turns.pictures.take(lineOf(asker), () => checkPicture(services, sent)),
        admit: (bytes) => checkStorage(services, visitorId, bytes),
      }),
    );
    const headers = new Headers({ 'cache-control': 'no-store' });
    who.introduce(headers);
    who.release(headers);
    return Response.json(imported, { status: 201, headers });
  } catch (error) {
    return refusal(error, services, 'import of a conversation failed');
  }
}

function refusal(error: unknown, services: Needs, what: string): Response {
  if (error instanceof RuntimeError) return jsonError(400, error.code, error.message);
  return failureOf(error, services, what, 'This failed on the server. Try again.');
}
