import { receiveConversation } from '../../../server/api/web/conversations';
import { getServices } from '../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveConversation(request, getServices());
}
