import type { Me } from '../accounts/schema';

/** Who is signed in, for pages that the server makes; null for the public. */
export async function readMe(): Promise<Me | null> {
  return null;
}
