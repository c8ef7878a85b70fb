/** Schemas of parameters, from the table. */
import { z } from 'zod';
import type { Parameter, ParameterKey, ParameterValue } from './parameters';

/** A schema for each of some parameters, all of them optional. */
export type ParameterShape<Key extends ParameterKey> = {
  [K in Key]: z.ZodOptional<z.ZodType<ParameterValue<K>, ParameterValue<K>>>;
};

/**
 * @param list parameters with these keys
 * @param schema of a parameter's value
 */
export const parameterShape = <Key extends ParameterKey>(
  list: readonly Parameter[],
  schema: (parameter: Parameter) => z.ZodType,
): ParameterShape<Key> =>
  Object.fromEntries(list.map((one) => [one.key, schema(one).optional()])) as unknown as ParameterShape<Key>;

/** The type of a value and nothing else: what a model takes of it is its manifest's to say. */
export function valueSchema({ type, choices = [] }: Parameter): z.ZodType {
  if (type === 'choice') return z.enum(choices);
  if (type === 'text') return z.string();
  return type === 'number' ? z.number() : z.int();
}

/** A value inside what any model could take. @param max more is refused */
export function boundedSchema(parameter: Parameter, max: number | undefined): z.ZodType {
  const { type, min = 0 } = parameter;
  if (type === 'choice') return valueSchema(parameter);
  if (type === 'text') return max === undefined ? z.string() : z.string().max(max);
  const number = (type === 'number' ? z.number() : z.int()).min(min);
  return max === undefined ? number : number.max(max);
}
