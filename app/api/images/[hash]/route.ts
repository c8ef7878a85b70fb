import { serveImage } from '../../../../server/web/images';
import { getServices } from '../../../../server/web/services';

export async function GET(request: Request, { params }: { params: Promise<{ hash: string }> }) {
  return serveImage(request, (await params).hash, getServices());
}
