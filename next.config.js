import { PHASE_PRODUCTION_SERVER } from 'next/constants.js';
import { buildFolder } from './server/start/paths.mjs';

/** The path of the site on its host, as server/platform/env/env.ts has checked it; empty at the root. */
const basePath = process.env.BASE_PATH ?? '';

/** @type {import('next').NextConfig} */
const config = {
  basePath,
  distDir: buildFolder(basePath),
  // For server/platform/env/site-path.ts, in the browser too.
  env: { BASE_PATH: basePath },
  poweredByHeader: false,
  typescript: {
    // `npm run check` does this, with the same settings.
    ignoreBuildErrors: true,
    // Next.js would add the build folder to a configuration that extends no other.
    tsconfigPath: 'tsconfig.build.json',
  },
  // Loaded by Node as they are: native code, or code that finds its own files.
  serverExternalPackages: ['pg', 'sharp', 'pino', '@prisma/adapter-pg', '@prisma/client', '@resvg/resvg-js'],
  // Pictures have thumbnails of their own (server/platform/blobs/thumbnails.ts); the route is closed in server/start/gate.mjs.
  images: { unoptimized: true },
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // A server that starts again answers before it has loaded every page; server/start/web.mjs loads what it needs first.
  experimental: { preloadEntriesOnStart: false },
};

/** The plugin and the compiler that it loads are for builds: the built server starts without them. */
export default async function configOf(/** @type {string} */ phase) {
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  const { default: createNextIntlPlugin } = await import('next-intl/plugin');
  return createNextIntlPlugin('./app/_i18n/request.ts')(config);
}
