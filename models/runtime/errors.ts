/**
 * Every failure of the runtime is a `RuntimeError` with a `code` that a program can act on and a message of one
 * line that says what is wrong and what to do. `toJSON` and `errorFromJson` carry them between processes.
 */

/** What is wrong with a model directory. */
export type ModelErrorCode =
  | 'model_missing'
  | 'manifest_invalid'
  | 'model_file_missing'
  | 'model_file_altered'
  | 'graph_mismatch'
  | 'does_not_fit'
  | 'graph_failed';

/** What is wrong with an uploaded picture. */
export type ImageErrorCode =
  | 'image_empty'
  | 'image_too_many_bytes'
  | 'image_too_many_pixels'
  | 'image_too_long'
  | 'image_too_slow'
  | 'image_format'
  | 'image_animated'
  | 'image_damaged'
  | 'image_aspect';

/** What is wrong with a request; `field` names the parameter. */
export type RequestErrorCode = 'prompt_empty' | 'prompt_too_long' | 'prompt_unusable' | 'parameter_invalid';

export type RuntimeErrorCode =
  ModelErrorCode | ImageErrorCode | RequestErrorCode | 'device_unavailable' | 'cancelled';

export interface RuntimeErrorJson {
  name: string;
  code: RuntimeErrorCode;
  message: string;
  field?: string;
}

export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  /** The request's field that is at fault, when there is one. */
  readonly field?: string;

  constructor(code: RuntimeErrorCode, message: string, options?: { cause?: unknown; field?: string }) {
    super(oneLine(message), options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    if (options?.field !== undefined) this.field = options.field;
  }

  toJSON(): RuntimeErrorJson {
    const json: RuntimeErrorJson = { name: this.name, code: this.code, message: this.message };
    if (this.field !== undefined) json.field = this.field;
    return json;
  }
}

/** The model directory cannot be used: a missing or altered file, or graphs that break the contract. */
export class ModelError extends RuntimeError {
  declare readonly code: ModelErrorCode;
}

/** The picture cannot be used; the message says why and what to send instead. */
export class ImageError extends RuntimeError {
  declare readonly code: ImageErrorCode;
}

/** A parameter is outside the manifest's limits; the message names the field, the value and the range. */
export class RequestError extends RuntimeError {
  declare readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, field: string, message: string) {
    super(code, message, { field });
  }
}

/** The device is not there, or this installation has no support for it. */
export class DeviceError extends RuntimeError {
  declare readonly code: 'device_unavailable';

  constructor(message: string, options?: { cause?: unknown }) {
    super('device_unavailable', message, options);
  }
}

/** The caller's `AbortSignal` fired. */
export class CancelledError extends RuntimeError {
  declare readonly code: 'cancelled';

  constructor() {
    super('cancelled', 'The request was cancelled.');
  }
}

/** Restores an error that came as JSON from another process; null when it is not one of ours. */
export function errorFromJson(json: unknown): RuntimeError | null {
  if (typeof json !== 'object' || json === null) return null;
  const { name, code, message, field } = json as Partial<RuntimeErrorJson>;
  if (typeof name !== 'string' || typeof code !== 'string' || typeof message !== 'string') return null;
  switch (name) {
    case 'ModelError':
      return new ModelError(code, message);
    case 'ImageError':
      return new ImageError(code, message);
    case 'RequestError':
      return new RequestError(code as RequestErrorCode, field ?? '', message);
    case 'DeviceError':
      return new DeviceError(message);
    case 'CancelledError':
      return new CancelledError();
    case 'RuntimeError':
      return new RuntimeError(code, message);
    default:
      return null;
  }
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
