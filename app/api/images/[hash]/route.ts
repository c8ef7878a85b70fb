import { serveImage } from '../../../../server/api/web/images';
import { getServices } from '../../../../server/api/web/services';

export async function GET(request: Request, { params }: { params: Promise<{ hash: string }> }) {
  return serveImage(request, (await params).hash, getServices());
}
