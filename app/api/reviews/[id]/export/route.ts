import { serveReviewExport } from '../../../../../server/api/web/reviews';
import { getServices } from '../../../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  return serveReviewExport(request, (await params).id, getServices());
}
