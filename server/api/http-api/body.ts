import type { z } from 'zod';
import { foreseen } from '../../platform/errors/errors';
import { bodyLimits } from '../../platform/limits/body-limits.mjs';
import { bodyIsDone } from '../web/body-is-done';
import { hasMoreValues } from '../../platform/limits/json-values';
import { readLimited } from '../web/uploads';
import { ApiError, badField } from './errors';
import { textFields } from './parameters';

/** A thousand messages of a hundred parts have fewer. */
const mostValues = 500_000;

export type Body = { fields: Record<string, unknown>; files: { name: string; file: File }[] };

/**
 * Reads the body and hands it to `take`. What that gives back is all that is kept of it: a request waits for its job for
 * minutes, and a picture in it is not to stay in memory so long.
 * @throws ApiError as `readBody`
 */
export async function withBody<T>(
  request: Request,
  accepts: { form?: boolean },
  take: (body: Body) => T | Promise<T>,
): Promise<T> {
  try {
    return await take(await readBody(request, accepts));
  } finally {
    bodyIsDone(request);
  }
}

/**
 * Reads the body, as JSON or as a form with files, whichever it says it is. Fields that are null count as left out.
 * @throws ApiError 400, 413 or 415
 */
export async function readBody(request: Request, accepts: { form?: boolean } = {}): Promise<Body> {
  const type = (request.headers.get('content-type') ?? '').toLowerCase();
  const isForm = type.startsWith('multipart/form-data');
  if (isForm ? !accepts.form : !/^application\/(?:[\w.-]+\+)?json\b/.test(type))
    throw new ApiError(
      415,
      `Send ${accepts.form ? 'multipart/form-data or ' : ''}application/json; the Content-Type is ${type || 'missing'}.`,
      { code: 'unsupported_media_type' },
    );
  const bytes = await readLimited(
    request,
    bodyLimits.api,
    `The request is larger than ${bodyLimits.api / 1e6} MB. Send a smaller image.`,
  ).catch((error: unknown) => {
    if (foreseen(error)) throw error;
    throw new ApiError(400, 'The request body ended too early.', {
      code: 'incomplete_body',
      cause: error,
    });
  });
  return isForm
    ? readForm(bytes, request.headers.get('content-type') ?? '')
    : { fields: readJson(bytes), files: [] };
}

function readJson(bytes: Buffer): Record<string, unknown> {
  if (hasMoreValues(bytes, mostValues))
    throw new ApiError(413, 'The request body has too many values.', {
      code: 'too_many_values',
    });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ApiError(400, 'The request body is not valid UTF-8 JSON.', { code: 'invalid_json', cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError(400, 'The request body must be a JSON object.', { code: 'invalid_json' });
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}

const numberText = /^-?\d+(\.\d+)?$/;
/** Fields whose text stays text, whatever it looks like. */
const texts = new Set(['prompt', 'model', 'user', 'size', 'language', 'image', ...textFields]);

async function readForm(bytes: Buffer, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new ApiError(400, 'The request body is not a valid multipart/form-data form.', {
        code: 'invalid_form',
        cause,
      });
    });
  const body: Body = { fields: {}, files: [] };
  for (const [name, value] of form) {
    // A field that a client sends without a value, as forms of pages do, counts as left out.
    if (typeof value === 'string' ? value === '' && !texts.has(name) : value.size === 0 && value.name === '')
      continue;
    if (typeof value !== 'string') body.files.push({ name, file: value });
    else if (name in body.fields) throw badField(name, `The field ${name} appears twice in the form.`);
    else body.fields[name] = fromText(name, value);
  }
  return body;
}

function fromText(name: string, text: string): unknown {
  if (texts.has(name)) return text;
  if (numberText.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** Options of OpenAI's API that this one has not, whatever their value, and why. */
const unsupported: Record<string, string> = {
  mask: 'This model edits from text and doesn’t support masks. Describe in the prompt what should change, and where.',
  web_search_options: 'This model doesn’t search the web.',
};

/**
 * Checks the fields against a schema.
 * @throws ApiError 400 that names the field at fault.
 */
export function check<T extends z.ZodType>(schema: T, fields: Record<string, unknown>): z.output<T> {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw badField(null, 'The request is not valid.');
  const path = nameOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    const param = path ? `${path}.${name}` : name;
    const reason = !path && Object.hasOwn(unsupported, name) ? unsupported[name] : undefined;
    throw badField(
      param,
      reason ?? `Unknown parameter: ${param.slice(0, 100)}.`,
      reason ? 'unsupported_parameter' : 'unknown_parameter',
    );
  }
  if (issue.code === 'custom' && issue.params?.code)
    throw badField(path, issue.message, String(issue.params.code));
  const isMissing = issue.code === 'invalid_type' && path in fields === false && !path.includes('.');
  if (isMissing && issue.path.length === 1)
    throw badField(path, `The parameter ${path} is missing.`, 'missing_required_parameter');
  throw badField(path || null, `${path || 'The request'}: ${issue.message}.`);
}

/** `messages[0].content`, as OpenAI names it. */
const nameOf = (path: PropertyKey[]) =>
  path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`,
    '',
  );
