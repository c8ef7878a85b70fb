import { serveHealth } from '../../../server/api/web/health';
import { getServices } from '../../../server/api/web/services';

export const dynamic = 'force-dynamic';

export const GET = (request: Request): Promise<Response> => serveHealth(request, getServices());
