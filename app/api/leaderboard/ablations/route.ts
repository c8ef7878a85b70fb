import { serveAblations } from '../../../../server/api/web/leaderboard';

/** The ablations of the installation's model, as JSON. */
export const GET = (): Promise<Response> => serveAblations();
