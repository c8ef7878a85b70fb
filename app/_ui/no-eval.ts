/**
 * Tells zod, before it is loaded, to make no functions out of texts: the policy of the page forbids it
 * (server/start/headers.mjs), and a browser reports the mere try.
 */
export const noEvalScript = 'globalThis.__zod_globalConfig={jitless:true}';
