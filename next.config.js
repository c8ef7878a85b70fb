import createNextIntlPlugin from 'next-intl/plugin';

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  // `npm run check` does this, with the same settings.
  typescript: { ignoreBuildErrors: true },
  // Loaded by Node as they are: native code, or code that finds its own files.
  serverExternalPackages: ['pg', 'sharp', 'pino', '@prisma/adapter-pg', '@prisma/client', '@resvg/resvg-js'],
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};

export default createNextIntlPlugin('./app/_i18n/request.ts')(config);
