import { headers } from 'next/headers';

/** Where the visitor came to; previews elsewhere need whole addresses. */
export async function requestOrigin(): Promise<URL | undefined> {
  const head = await headers();
  const address = `${head.get('x-forwarded-proto') ?? 'http'}://${head.get('x-forwarded-host') ?? head.get('host')}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}
