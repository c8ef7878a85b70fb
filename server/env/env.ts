import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../errors/errors';

/** An empty string in the environment means "not set". */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === '' ? undefined : v), schema);

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((n) => n <= 65535);

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
  DEVICE: {
    schema: optional(z.enum(['cpu', 'webgpu', 'cuda']).default('cpu')),
    wants: 'cpu, webgpu or cuda',
  },
  LOG_LEVEL: {
    schema: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info')),
    wants: 'debug, info, warn, error or silent',
  },
} as const;

export interface Env {
  port: number;
  host: string;
  /** Absolute. Holds the built-in database, blobs and logs. */
  home: string;
  databaseUrl: string | undefined;
  /** Absolute. */
  modelDir: string;
  device: 'cpu' | 'webgpu' | 'cuda';
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
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
    const shown = name === 'DATABASE_URL' ? 'its value' : JSON.stringify(source[name]);
    throw new StudioError(
      'BAD_SETTING',
      `${name} is wrong: ${shown} is not ${wants}. Correct it or unset it.`,
    );
  };
  return {
    port: read('PORT'),
    host: read('HOST'),
    home: path.resolve(root, read('STUDIO_HOME')),
    databaseUrl: read('DATABASE_URL'),
    modelDir: path.resolve(root, read('MODEL_DIR')),
    device: read('DEVICE'),
    logLevel: read('LOG_LEVEL'),
  };
}
