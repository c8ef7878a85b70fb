import { getServices } from '../../../server/web/services';
import { receiveUpload } from '../../../server/web/uploads';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveUpload(request, getServices());
}
