import { readHealth } from '../../../server/web/health';
import { getServices } from '../../../server/web/services';

export const dynamic = 'force-dynamic';

export async function GET() {
  const report = await readHealth(getServices());
  return Response.json(report, { status: report.ok ? 200 : 503, headers: { 'cache-control': 'no-store' } });
}
