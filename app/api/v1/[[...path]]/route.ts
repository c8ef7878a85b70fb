import { handleHttpApi } from '../../../../server/api/http-api/handler';
import { getServices } from '../../../../server/api/web/services';

export const dynamic = 'force-dynamic';

const handler = (request: Request) => handleHttpApi(request, getServices());

export {
  handler as GET,
  handler as HEAD,
  handler as POST,
  handler as PUT,
  handler as PATCH,
  handler as DELETE,
  handler as OPTIONS,
};
