import { serveConversation } from '../../../../server/api/web/conversations';
import { getServices } from '../../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  return serveConversation(request, (await params).id, getServices());
}
