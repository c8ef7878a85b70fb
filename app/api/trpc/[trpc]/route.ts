import { getServices } from '../../../../server/api/web/services';
import { handleTrpc } from '../../../../server/api/web/trpc-handler';
import { offerToServer } from '../../../../server/api/web/trpc-node';

export const dynamic = 'force-dynamic';

offerToServer(getServices);
const handler = (request: Request) => handleTrpc(request, getServices());

export { handler as GET, handler as POST };
