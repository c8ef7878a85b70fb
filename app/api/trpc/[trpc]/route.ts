import { getServices } from '../../../../server/web/services';
import { handleTrpc } from '../../../../server/web/trpc-handler';

export const dynamic = 'force-dynamic';

const handler = (request: Request) => handleTrpc(request, getServices());

export { handler as GET, handler as POST };
