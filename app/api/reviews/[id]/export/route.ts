import { serveReviewExport } from '../../../../../server/web/reviews';
import { getServices } from '../../../../../server/web/services';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  return serveReviewExport(request, (await params).id, getServices());
}
