import { receiveConversation } from '../../../server/web/conversations';
import { getServices } from '../../../server/web/services';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveConversation(request, getServices());
}
