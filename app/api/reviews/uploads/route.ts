import { receiveReviewUpload } from '../../../../server/api/web/reviews';
import { getServices } from '../../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveReviewUpload(request, getServices());
}
