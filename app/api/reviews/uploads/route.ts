import { receiveReviewUpload } from '../../../../server/web/reviews';
import { getServices } from '../../../../server/web/services';

export const dynamic = 'force-dynamic';

export async function POST(request: Request) {
  return receiveReviewUpload(request, getServices());
}
