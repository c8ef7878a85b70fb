import { getServices } from '../../../../server/web/services';
import { handleTrpc } from '../../../../server/web/trpc-handler';
import { offerToServer } from '../../../../server/web/trpc-node';

export const dynamic = 'force-dynamic';

offerToServer(getServices);
const handler = (request: Request) => handleTrpc(request, getServices());

export { handler as GET, handler as POST };
