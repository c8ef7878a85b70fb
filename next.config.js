import createNextIntlPlugin from 'next-intl/plugin';

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  // `npm run check` does this, with the same settings.
  typescript: { ignoreBuildErrors: true },
  // Loaded by Node as they are: native code, or code that finds its own files.
  serverExternalPackages: ['pg', 'sharp', 'pino', '@prisma/adapter-pg', '@prisma/client', '@resvg/resvg-js'],
  headers: async () => [
    {
      // Whose addresses are keys: nobody is told them, and no copy is kept.
      source: '/:page(join|reset)/:token',
      headers: [
        { key: 'referrer-policy', value: 'no-referrer' },
        { key: 'cache-control', value: 'no-store' },
      ],
    },
    {
      // No other site shows these in a frame of its own.
      source: '/:page(sign-in|join|reset|account|team)/:rest*',
      headers: [{ key: 'content-security-policy', value: "frame-ancestors 'none'" }],
    },
  ],
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};

export default createNextIntlPlugin('./app/_i18n/request.ts')(config);
