import { sha256 } from '../../fingerprint';
import { askingSchema, type EndpointSettings, type StoredEndpointSettings } from './settings';
import { understandDefaults } from './requests';

/** The address that routes are appended to: without credentials, query and closing slash. */
export function apiRoot(baseUrl: string): string {
  const url = new URL(baseUrl);
  return url.origin + (url.pathname.replace(/\/+$/, '') || '/v1');
}

export interface EndpointIdentity {
  /** The sha256 of the rest as JSON, in hex. */
  hash: string;
  kind: 'openai';
  baseUrl: string;
  model: string;
  /** Everything that an answer depends on and that is not part of a request. */
  parameters: Record<string, unknown>;
}

/**
 * What a fingerprint may say of an endpoint. Neither headers nor limits of time, rate and cost belong to it: they
 * leave an answer as it is. What stands behind a model's name can change without a trace: only the operator knows.
 */
export function endpointIdentity(settings: EndpointSettings | StoredEndpointSettings): EndpointIdentity {
  const { size, names, parameters } = askingSchema.parse(settings);
  const understand = { ...understandDefaults, ...parameters.understand };
  const identity = {
    kind: 'openai' as const,
    baseUrl: apiRoot(settings.baseUrl),
    model: settings.model,
    parameters: sorted({ size, names, parameters: { ...parameters, understand } }),
  };
  return { hash: sha256(JSON.stringify(identity)), ...identity };
}

/** With the keys in order, so that a database may reorder what it stores. */
function sorted<T>(json: T): T {
  if (Array.isArray(json)) return json.map(sorted) as T;
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).filter(([, value]) => value !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)])) as T;
}
