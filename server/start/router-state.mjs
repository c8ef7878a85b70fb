/** Where a page says it stands when it asks Next.js for another. */
const stateHeader = 'next-router-state-tree';

/** Next.js's own check, whose throw it answers with 500 on pages that are not there; null where a later one has none. */
const check = await import('next/dist/server/app-render/parse-and-validate-flight-router-state.js').then(
  (module) =>
    module.parseAndValidateFlightRouterState ?? module.default?.parseAndValidateFlightRouterState ?? null,
  () => null,
);

/**
 * Takes a state out of a request that no page of ours sent: the answer is then whole, as to a page that says nothing.
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
export function dropBadState(headers) {
  if (headers[stateHeader] === undefined) return;
  try {
    check?.(headers[stateHeader]);
  } catch {
    delete headers[stateHeader];
  }
}
