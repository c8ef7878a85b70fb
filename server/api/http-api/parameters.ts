import { z } from 'zod';
import {
  offeredOf,
  parameters,
  type Parameter,
  type ParameterValues,
} from '../../../models/runtime/parameters';

/** The parameters of a job as fields of this API: the names, limits and words of the table. */

/** A whole number in a range, with one message for all that can be wrong with it. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const words = `must be a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`;
  return z.int(words).min(min, words).max(max, words);
}

function schemaOf(parameter: Parameter): z.ZodType {
  const { type, min = 0, max } = parameter;
  if (type === 'choice') return z.enum(offeredOf(parameter));
  if (type === 'text') return z.string();
  if (type !== 'number') return whole(min, max?.api);
  return max?.api === undefined ? z.number().min(min) : z.number().min(min).max(max.api);
}

/** The fields of some parameters, by their names, but for those that are written by hand; `valuesIn` reads them. */
export function fieldsOf(list: readonly Parameter[]): Record<never, z.ZodType> {
  const fields: Record<string, z.ZodType> = {};
  for (const parameter of list) {
    const { api } = parameter;
    if (!api || api.withOthers) continue;
    for (const { name, help } of [api, ...(api.alias ? [api.alias] : [])])
      fields[name] = schemaOf(parameter).optional().meta({ description: help });
  }
  return fields;
}

/**
 * What the fields of a request say of some parameters. One that was left out is undefined, or, as it may have come after
 * requests were named by what is in them (`requestIdOf`), not there.
 */
export function valuesIn(fields: object, list: readonly Parameter[]): ParameterValues {
  const given = fields as Partial<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  for (const { key, api, leftOut } of list) {
    if (!api || api.withOthers) continue;
    const value = given[api.name] ?? (api.alias && given[api.alias.name]);
    if (value !== undefined || leftOut !== 'omitted' || api.named) values[key] = value;
  }
  return values;
}

/** What a parameter's field is called: errors of a job name the parameter. */
export const fieldNames: ReadonlyMap<string, string> = new Map(
  parameters.flatMap(({ key, api }) => (api ? [[key, api.name]] : [])),
);

/** Fields whose text stays text, whatever it looks like. */
export const textFields: readonly string[] = parameters.flatMap(({ type, api }) =>
  type === 'text' && api ? [api.name] : [],
);
