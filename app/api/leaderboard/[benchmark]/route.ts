import { serveTable } from '../../../../server/api/web/leaderboard';
import { getServices } from '../../../../server/api/web/services';
import { loadTableParams } from '../../../leaderboard/url';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ benchmark: string }> }) {
  const format = new URL(request.url).searchParams.get('format');
  return serveTable(getServices(), (await params).benchmark, format, loadTableParams(request));
}
