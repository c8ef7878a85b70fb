/** How an endpoint is asked. What is stored names the environment variables that hold secrets, never a secret. */
import { z } from 'zod';
import type { parameterTable } from '../../../models/runtime/parameter-table';
import { leadersFirst, parameters } from '../../../models/runtime/parameters';
import { UnderTestError } from '../types';

/** So that nobody who may write settings sends, say, the database's password to an endpoint of theirs. */
const secretVariable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*_API_KEY$/, 'is not the name of an environment variable that ends in _API_KEY');

const secret = z.string().regex(/^[\x21-\x7e]+$/, 'has blanks or characters that a header cannot carry');
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not the name of a header')
  .refine(
    (name) =>
      !/^(host|connection|transfer-encoding|accept-encoding|content-(type|length|encoding))$/i.test(name),
    'is set by the client itself',
  );
const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'has characters that a header cannot carry');
const looksSecret = (name: string) => /auth|cookie|key|secret|token|password/i.test(name);

const baseUrl = z.string().superRefine((text, context) => {
  const say = (message: string) => context.addIssue({ code: 'custom', message });
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return say('is not an http or https address');
  if (url.username || url.password) say('contains a user name or password: use apiKeyEnv');
  if (url.search || url.hash) say('has a query or a fragment: leave it out');
  if (/\/(chat\/completions|images\/(generations|edits))\/*$/.test(url.pathname))
    say('is the address of one route: leave out what comes after /v1');
});

/** Fields of a request that the client fills in itself. */
const ownFields = ['model', 'prompt', 'n', 'size', 'image', 'messages', 'stream'];
const fixed = z
  .record(
    z.string().refine((name) => !ownFields.includes(name), 'is set by the client itself'),
    z.json(),
  )
  .default({});

type NameSetting = Extract<(typeof parameterTable)[number], { endpoint: object }>['endpoint'];

/** Of each parameter that an endpoint can be asked for, what it calls it; one without a usual name fails unless it has one. */
function namesShape() {
  const endpoints = leadersFirst(parameters).flatMap(({ endpoint }) => endpoint ?? []);
  // Those with a usual name come first, as they always are there.
  const inOrder = [...endpoints.filter(({ usual }) => usual), ...endpoints.filter(({ usual }) => !usual)];
  const name = z.string().min(1);
  return Object.fromEntries(
    inOrder.map(({ setting, usual }) => [setting, usual ? name.default(usual) : name.optional()]),
  ) as unknown as {
    [Name in NameSetting as Name['setting']]: Name extends { usual: string }
      ? z.ZodDefault<z.ZodString>
      : z.ZodOptional<z.ZodString>;
  };
}

const milliseconds = z.int().nonnegative().max(3_600_000);

/** What of the settings an answer depends on, besides address and model. */
const asking = {
  /**
   * What `size` says: the size asked for; the one of a list that is closest in shape, then in area (its pictures
   * have another size than asked for); or nothing.
   */
  size: z
    .union([z.enum(['asked', 'omit']), z.array(z.string().regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/)).min(1)])
    .default('asked'),
  /** What the endpoint calls a parameter that the protocol has no name for, or has two. */
  names: z.strictObject(namesShape()).prefault({}),
  /** Sent with every request of a task and stronger than what it asks for; null leaves a parameter out. */
  parameters: z.strictObject({ generate: fixed, edit: fixed, understand: fixed }).prefault({}),
};
export const askingSchema = z.object(asking);

const common = {
  /** With `/v1` or whatever stands for it; an address without a path gets `/v1`. */
  baseUrl,
  model: z.string().min(1),
  ...asking,
  /** Of one attempt, from the connection to the last byte. */
  timeoutMs: z.int().positive().max(3_600_000).default(300_000),
  maxAttempts: z.int().positive().max(20).default(4),
  retry: z
    .strictObject({
      /** Doubled with every attempt, and spread by up to as much again. */
      minDelayMs: milliseconds.default(500),
      maxDelayMs: milliseconds.default(30_000),
      /** The longest that Retry-After is heeded. */
      maxRetryAfterMs: milliseconds.default(60_000),
    })
    .prefault({}),
  /** Attempts, evenly spaced. */
  requestsPerMinute: z.number().positive().max(60_000).optional(),
  /** Attempts at a time. */
  concurrency: z.int().positive().max(256).default(4),
  /** Attempts that may reach the endpoint, answered well or not. */
  maxRequests: z.int().nonnegative().optional(),
  /** In the unit of `pricePerRequest`, which it needs. */
  maxCost: z.number().nonnegative().optional(),
  pricePerRequest: z.number().positive().optional(),
  maxBodyBytes: z
    .int()
    .positive()
    .max(256 * 2 ** 20)
    .default(64 * 2 ** 20),
};

function costHasPrice(
  settings: { maxCost?: number; pricePerRequest?: number },
  context: z.RefinementCtx,
): void {
  if (settings.maxCost !== undefined && settings.pricePerRequest === undefined)
    context.addIssue({ code: 'custom', path: ['pricePerRequest'], message: 'is required by maxCost' });
}

/** Settings as a run stores them. */
export const endpointSettingsSchema = z
  .strictObject({
    ...common,
    apiKeyEnv: secretVariable.optional(),
    headers: z
      .record(
        headerName.refine((name) => !looksSecret(name), 'looks like a secret: use headersEnv'),
        headerValue,
      )
      .default({}),
    /** Headers by name, each with the environment variable that holds its value. */
    headersEnv: z.record(headerName, secretVariable).default({}),
  })
  .superRefine(costHasPrice);
export type StoredEndpointSettings = z.output<typeof endpointSettingsSchema>;

const openSchema = z
  .strictObject({
    ...common,
    apiKey: secret.optional(),
    apiKeyEnv: secretVariable.optional(),
    headers: z.record(headerName, headerValue).default({}),
    headersEnv: z.record(headerName, secretVariable).default({}),
  })
  .superRefine(costHasPrice);

/** Stored settings, or settings with their secrets, which then stay in memory. */
export type EndpointSettings = z.input<typeof openSchema>;
/** With defaults and secrets. */
export type ReadySettings = Omit<z.output<typeof openSchema>, 'apiKeyEnv' | 'headersEnv'>;

/**
 * Fills in the defaults and fetches the secrets that are named.
 * @throws UnderTestError `unavailable` naming the first field that is wrong, or the variable that is not set
 */
export function readySettings(
  settings: EndpointSettings,
  env: Readonly<Record<string, string | undefined>>,
): ReadySettings {
  const { apiKeyEnv, headersEnv, headers, ...rest } = check(openSchema, settings);
  const secretIn = (name: string) => {
    const value = env[name]?.trim();
    const wrong = !value ? 'is not set' : secret.safeParse(value).error?.issues[0]?.message;
    if (!value || wrong)
      throw new UnderTestError(
        'unavailable',
        `The environment variable ${name}, which should hold the endpoint's key, ${wrong}.`,
      );
    return value;
  };
  const secrets = Object.entries(headersEnv).map(([header, name]): [string, string] => [
    header,
    secretIn(name),
  ]);
  return {
    ...rest,
    apiKey: rest.apiKey ?? (apiKeyEnv && secretIn(apiKeyEnv)),
    headers: { ...headers, ...Object.fromEntries(secrets) },
  };
}

function check<T extends z.ZodType>(schema: T, settings: unknown): z.output<T> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  // No value is shown: it may be a key in the wrong field.
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `: ${issue.path.join('.')}` : '';
  throw new UnderTestError('unavailable', `The endpoint's settings are invalid${where} ${reason(issue)}.`);
}

function reason(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'cannot be read';
  // The problem of a key of a record stands one level down.
  if (issue.code === 'invalid_key' && issue.issues[0]) return issue.issues[0].message;
  return issue.message;
}
