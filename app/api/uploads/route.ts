import { getServices } from '../../../server/api/web/services';
import { receiveUpload } from '../../../server/api/web/uploads';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveUpload(request, getServices());
}
