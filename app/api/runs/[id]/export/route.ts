import { serveRunExport } from '../../../../../server/api/web/run-export';
import { getServices } from '../../../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  return serveRunExport(request, (await params).id, getServices());
}
