import { headers } from 'next/headers';
import { originOf } from '@/server/api/web/origin';

/** Where the visitor came to; previews elsewhere need whole addresses. */
export const requestOrigin = async (): Promise<URL | undefined> => originOf(new Headers(await headers()));
