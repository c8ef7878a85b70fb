import { serveHealth } from '../../../server/web/health';
import { getServices } from '../../../server/web/services';

export const dynamic = 'force-dynamic';

export const GET = (request: Request): Promise<Response> => serveHealth(request, getServices());
