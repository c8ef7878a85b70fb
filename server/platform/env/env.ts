import path from 'node:path';
import { z } from 'zod';
import { parseMemory } from '../../../models/runtime/graphs/memory';
import { devices } from '../../../models/runtime/types';
import { StudioError } from '../errors/errors';
import { hostsOf } from './trust.mjs';
import { isBasePath } from './site-path';

/** An empty string in the environment means "not set". */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === '' ? undefined : v), schema);

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((n) => n <= 65535);

const count = (standard: number) =>
  optional(
    z
      .string()
      .regex(/^\d{1,7}$/)
      .transform(Number)
      .default(standard),
  );
const wantsCount = 'a whole number from 0 to 9999999, 0 for no limit';

/** What `frame-ancestors` takes for a host. Nothing in it can end the policy. */
const origin = /^https?:\/\/(\*\.)?[a-z\d-]+(\.[a-z\d-]+)*(:(\d{1,5}|\*))?$/i;
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine(
    (parts) => parts.join() === 'none' || (parts.length > 0 && parts.every((part) => origin.test(part))),
  )
  .transform((parts) => parts.join(' '));

/** Hosts by name, `*.` for all below one, without ports. */
const hosts = z
  .string()
  .transform(hostsOf)
  .refine(
    (names) =>
      names.length > 0 && names.every((name) => /^((\*\.)?[\w-]+(\.[\w-]+)*|\[[\da-f:.]+\])$/.test(name)),
  );

const settings = {
  PORT: { schema: optional(port.default(3000)), wants: 'a number from 0 to 65535' },
  HOST: {
    schema: optional(
      z
        .string()
        .regex(/^[\w.:-]+$/)
        .default('127.0.0.1'),
    ),
    wants: 'a host name or an address',
  },
  BASE_PATH: {
    schema: optional(z.string().refine(isBasePath).default('')),
    wants:
      'a path such as /studio: with a leading slash, no trailing slash, plain letters, and not the name of a page of the site',
  },
  EMBED_ORIGINS: {
    schema: optional(origins.default('')),
    wants: 'a list such as https://example.org, https://*.example.net, or none, or nothing for every site',
  },
  ALLOWED_HOSTS: {
    schema: optional(hosts.default([])),
    wants:
      'a list of host names without ports, such as studio.example, *.lab.example, or nothing for every name',
  },
  STUDIO_HOME: { schema: optional(z.string().default('var')), wants: 'a folder' },
  DATABASE_URL: {
    schema: optional(
      z
        .string()
        .regex(/^postgres(ql)?:\/\/\S+$/)
        .optional(),
    ),
    wants:
      'a PostgreSQL URL such as postgresql://user:password@host:5432/name, or nothing for the built-in database',
  },
  MODEL_DIR: { schema: optional(z.string().default('models/nexus-gen-nano')), wants: 'a model directory' },
  EVALUATORS_DIR: { schema: optional(z.string().default('var/evaluators')), wants: 'a folder' },
  DEVICE: {
    schema: optional(z.enum(devices).default('cpu')),
    wants: 'cpu, webgpu or cuda',
  },
  DEVICE_MEMORY: {
    schema: optional(
      z
        .string()
        .transform((text) => parseMemory(text) ?? NaN)
        .refine(Number.isFinite)
        .optional(),
    ),
    wants: 'a size such as 24GB or 800MB',
  },
  JOBS_PER_MINUTE: { schema: count(300), wants: wantsCount },
  JOBS_PER_MINUTE_ADDRESS: { schema: count(1200), wants: wantsCount },
  MAX_WAITING: { schema: count(20), wants: wantsCount },
  UPLOADS_PER_MINUTE: { schema: count(120), wants: wantsCount },
  SIGN_IN_ATTEMPTS: { schema: count(10), wants: wantsCount },
  STORAGE_MB: { schema: count(500), wants: wantsCount },
  HISTORY_DAYS: { schema: count(90), wants: 'a whole number of days, 0 to keep histories for good' },
  BETTER_AUTH_SECRET: {
    schema: optional(z.string().min(32).optional()),
    wants: 'a random text of at least 32 characters, e.g. from `openssl rand -base64 32`',
  },
  TRUST_PROXY: {
    schema: optional(z.string().regex(/^\d$/).transform(Number).default(0)),
    wants: 'the number of proxies in front of the web server, 0 to 9',
  },
  LOG_LEVEL: {
    schema: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info')),
    wants: 'debug, info, warn, error or silent',
  },
} as const;

/** The names of all settings. */
export const settingNames = Object.keys(settings) as (keyof typeof settings)[];

/** Their values are not repeated in messages. */
const secretSettings = new Set<string>(['DATABASE_URL', 'BETTER_AUTH_SECRET']);

export interface Env {
  port: number;
  host: string;
  /** The path of the site on its host, such as `/studio`; empty at the root. The pages are built for it. */
  basePath: string;
  /** Who may frame `/embed`: empty for every site, `none`, or origins with spaces between them. */
  embedOrigins: string;
  /** The names under which the site answers; none for every name. */
  allowedHosts: string[];
  /** Absolute. Holds the built-in database, blobs and logs. */
  home: string;
  databaseUrl: string | undefined;
  /** Absolute. */
  modelDir: string;
  /** Where evaluators are added to and found by name (eval/evaluators/folder.ts). */
  evaluatorsDir: string;
  device: 'cpu' | 'webgpu' | 'cuda';
  /** Bytes that weights may take on it; by default most of what it has. */
  memory?: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** What one visitor may do (server/platform/limits/README.md); 0 is no limit. */
  limits: LimitSettings;
  /** Signs the cookies of sessions; without it one is made and kept in `home` (server/accounts/secret.ts). */
  authSecret: string | undefined;
  /**
   * Proxies in front of the web server: so many entries of X-Forwarded-For, -Host and -Proto are believed, from their ends,
   * and without one none.
   */
  trustProxy: number;
}

export interface LimitSettings {
  jobsPerMinute: number;
  jobsPerMinuteAddress: number;
  maxWaiting: number;
  uploadsPerMinute: number;
  /** Tries to sign in to one account from one address within 15 minutes. */
  signInAttempts: number;
  storageBytes: number;
  /** Days after which the history of a visitor who was not seen is removed. */
  historyDays: number;
}

/**
 * Reads the settings; relative folders count from `root`.
 * @throws StudioError BAD_SETTING naming the first wrong setting, its value and what is wanted.
 */
export function parseEnv(source: Record<string, string | undefined>, root = process.cwd()): Env {
  const read = <K extends keyof typeof settings>(name: K): z.infer<(typeof settings)[K]['schema']> => {
    const { schema, wants } = settings[name];
    const parsed = schema.safeParse(source[name]);
    if (parsed.success) return parsed.data as z.infer<(typeof settings)[K]['schema']>;
    const shown = secretSettings.has(name) ? 'its value' : JSON.stringify(source[name]);
    throw new StudioError(
      'BAD_SETTING',
      `${name} is invalid: ${shown} is not ${wants}. Correct it or unset it.`,
    );
  };
  return {
    port: read('PORT'),
    host: read('HOST'),
    basePath: read('BASE_PATH'),
    embedOrigins: read('EMBED_ORIGINS'),
    allowedHosts: read('ALLOWED_HOSTS'),
    home: path.resolve(root, read('STUDIO_HOME')),
    databaseUrl: read('DATABASE_URL'),
    modelDir: path.resolve(root, read('MODEL_DIR')),
    evaluatorsDir: path.resolve(root, read('EVALUATORS_DIR')),
    device: read('DEVICE'),
    memory: read('DEVICE_MEMORY'),
    logLevel: read('LOG_LEVEL'),
    limits: {
      jobsPerMinute: read('JOBS_PER_MINUTE'),
      jobsPerMinuteAddress: read('JOBS_PER_MINUTE_ADDRESS'),
      maxWaiting: read('MAX_WAITING'),
      uploadsPerMinute: read('UPLOADS_PER_MINUTE'),
      signInAttempts: read('SIGN_IN_ATTEMPTS'),
      storageBytes: read('STORAGE_MB') * 1e6,
      historyDays: read('HISTORY_DAYS'),
    },
    authSecret: read('BETTER_AUTH_SECRET'),
    trustProxy: read('TRUST_PROXY'),
  };
}
