/** What there is to ask of the table of parameters, and its types. Browser-safe. */
import { parameterTable, type Limit, type Parameter, type Task } from './parameter-table';

export type { Limit, Parameter, Task };

type Entry = (typeof parameterTable)[number];
type ValueOf<E> = E extends { choices: readonly (infer Choice)[] }
  ? Choice
  : E extends { type: 'text' }
    ? string
    : number;

/** The entries that have something, by their keys: `KeysWith<{ time: true }>`. */
export type KeysWith<Trait> = Extract<Entry, Trait>['key'];
export type ParameterKey = Entry['key'];
export type ParameterValue<Key extends ParameterKey> = ValueOf<Extract<Entry, { key: Key }>>;
/** Parameters by their keys, any of them left out. */
export type ParameterValues<Key extends ParameterKey = ParameterKey> = { [K in Key]?: ParameterValue<K> };

type KeysOf<T extends Task> = {
  [E in Entry as E['key']]: T extends E['tasks'][number] ? E['key'] : never;
}[ParameterKey];
/** Those of a task, as a person gives them: all may be left out. */
export type ParametersOf<T extends Task> = ParameterValues<KeysOf<T>>;
/** Those of a task that a benchmark's run can set. */
export type RunParametersOf<T extends Task> = ParameterValues<KeysOf<T> & KeysWith<{ run: object }>>;
type Missing<T extends Task> = KeysWith<{ leftOut: 'omitted' | (T extends 'edit' ? 'source' : never) }>;
/** Those of a task in a request that was checked: each has its value, but for what may be missing for good. */
export type ReadyParameters<T extends Task> = {
  [K in Exclude<KeysOf<T>, Missing<T>>]: ParameterValue<K>;
} & ParameterValues<KeysOf<T> & Missing<T>>;

type EntryLimit = Extract<Entry, { limits: unknown }>['limits'][number];
/** The names of limits on the page, which are its fields of numbers. */
export type LimitName = EntryLimit['name'];
/** The entries of a manifest's `parameters`. */
export type LimitEntry = EntryLimit['entry'];
/** Those of sides in pixels, and that of what is drawn where there is no default. */
export type SizeEntry = Extract<Entry, { type: 'size' }>['limits'][number]['entry'];
export type DrawnEntry = Extract<Entry, { leftOut: 'drawn' }>['limits'][number]['entry'];

/** The table, in its order. */
export const parameters: readonly Parameter[] = parameterTable;

/** Those that a task takes. */
export const parametersOf = (task: Task): Parameter[] =>
  parameters.filter(({ tasks }) => tasks.includes(task));

/** Those that each task of pictures takes, as people write them. */
export const pictureParameters = (): Parameter[] =>
  leadersFirst(parametersOf('generate').filter(({ tasks }) => tasks.includes('edit')));

/** The others, of any task. */
export const otherParameters = (): Parameter[] =>
  leadersFirst(parameters.filter((parameter) => !pictureParameters().includes(parameter)));

/** Those of a task that `pictureParameters` has not. */
export const ownParametersOf = (task: Task): Parameter[] =>
  otherParameters().filter(({ tasks }) => tasks.includes(task));

/** Those that people write first, then the others. */
export const leadersFirst = (list: readonly Parameter[]): Parameter[] => [
  ...list.filter(({ leads }) => leads),
  ...list.filter(({ leads }) => !leads),
];

/** The keys of those of a task that a benchmark's run can set, as people are asked for them. */
export const settingNames = (task: Task): KeysWith<{ run: object }>[] =>
  leadersFirst(parametersOf(task)).flatMap(({ key, run }) => (run ? [key as KeysWith<{ run: object }>] : []));

/** The parameter of a key, or undefined. */
export const parameterNamed = (key: string): Parameter | undefined =>
  parameters.find((parameter) => parameter.key === key);

/** The values that an object has of some parameters, in their order. */
export const valuesOf = (values: object, list: readonly Parameter[]): Record<string, number | string> =>
  Object.fromEntries(
    list.flatMap(({ key }) => {
      const value = (values as Record<string, unknown>)[key];
      return value === undefined ? [] : [[key, value as number | string]];
    }),
  );

/** Whether its value is a number, which limits of the manifest hold. */
export const isNumeric = ({ type }: Parameter): boolean => type !== 'choice' && type !== 'text';

/** The limits of a number as a decoder has them; without one, as a generation does. */
export const limitOf = ({ limits = [] }: Parameter, decoder = 'generation'): Limit | undefined =>
  limits.find((limit) => limit.decoder === undefined || limit.decoder === decoder);

/** The limit that a page knows by a name, and its parameter. */
export function limitNamed(name: string): { parameter: Parameter; limit: Limit } | undefined {
  for (const parameter of parameters) {
    const limit = parameter.limits?.find((one) => one.name === name);
    if (limit) return { parameter, limit };
  }
  return undefined;
}

/** The choices of a parameter that has some, as people are offered them. */
export const offeredOf = ({ offered, choices = [] }: Parameter): readonly string[] => offered ?? choices;
