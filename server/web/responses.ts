/** Errors of the plain HTTP routes: a code for programs, a message for people. */
export function jsonError(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { 'cache-control': 'no-store' } });
}
