import { z } from 'zod';
import { valueSchema } from '../../../models/runtime/parameter-schema';
import {
  parameters,
  type KeysWith,
  type Parameter,
  type ParameterValue,
} from '../../../models/runtime/parameters';
import { generationSchema, languageChoiceSchema, submitSchema } from '../schema';

/** The shapes of the grids API. Browser-safe: zod and the table of parameters only. */

/** As many as may wait of one visitor. */
export const mostCells = 20;

const distinct = <T extends z.ZodType>(value: T) =>
  z
    .array(value)
    .min(1)
    .max(mostCells)
    .refine((values) => new Set(values).size === values.length, 'Each value may appear only once.');

/** A size as people write it, width first. */
export const sizePattern = /^(\d{1,5})x(\d{1,5})$/;

/** What the database can keep: no NUL, no half of a surrogate pair. */
const text = z
  .string()
  .max(20_000)
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'A text contains invalid characters.');

/** The parameters that a side can change. */
export const gridParameters: readonly Parameter[] = parameters.filter(({ grid }) => grid);

type AxisOf<Key extends KeysWith<{ grid: object }>> = {
  [K in Key]: z.ZodObject<{
    parameter: z.ZodLiteral<K>;
    values: z.ZodType<ParameterValue<K>[], ParameterValue<K>[]>;
  }>;
}[Key];

const axesOf = (list: readonly Parameter[]) =>
  list.map((parameter) =>
    z.object({
      parameter: z.literal(parameter.key),
      values: distinct(parameter.type === 'text' ? text : valueSchema(parameter)),
    }),
  ) as unknown as AxisOf<KeysWith<{ grid: object }>>[];

const axes = [
  ...axesOf(gridParameters.filter(({ type }) => type !== 'text')),
  z.object({ parameter: z.literal('size'), values: distinct(z.string().regex(sizePattern)) }),
  z.object({ parameter: z.literal('prompt'), values: distinct(text) }),
  z.object({ parameter: z.literal('replace'), values: distinct(text.min(1)) }),
  ...axesOf(gridParameters.filter(({ type }) => type === 'text')),
  z.object({ parameter: z.literal('language'), values: distinct(languageChoiceSchema) }),
];
type AnyAxis = (typeof axes)[number];

/**
 * What changes along one side of a grid, from left to right or from top to bottom.
 * `replace` searches the prompt for its first value, and puts each value in its place.
 */
export const axisSchema = z.discriminatedUnion('parameter', axes as unknown as [AnyAxis, ...AnyAxis[]]);

export const gridSubmitSchema = z
  .object({
    /** What all cells have in common; a parameter of an axis is overridden by it. */
    base: submitSchema.refine(({ task }) => task !== 'understand', 'Grids support only Generate and Edit.'),
    x: axisSchema,
    y: axisSchema.nullish(),
    /** Drawn by the sender: the same request sent again is the same grid. */
    requestId: z.uuid(),
  })
  .refine(({ x, y }) => x.values.length * (y?.values.length ?? 1) <= mostCells, {
    message: `A grid can have at most ${mostCells} cells. Use fewer values.`,
    path: ['x'],
  })
  .refine(({ x, y }) => !y || x.parameter !== y.parameter || x.parameter === 'replace', {
    message: 'Both axes change the same setting. Choose another for one of them.',
    path: ['y'],
  })
  .refine(
    ({ x, y }) => x.parameter !== 'replace' || x.parameter !== y?.parameter || x.values[0] !== y.values[0],
    {
      message: 'Both axes replace the same word. Use another for one of them.',
      path: ['y'],
    },
  )
  .superRefine(({ base, x, y }, context) => {
    for (const { key, tasks } of gridParameters)
      if (!tasks.includes(base.task) && [x, y].some((axis) => axis?.parameter === key))
        context.addIssue({ code: 'custom', message: `Only edits can choose the ${key}.`, path: ['x'] });
  });

export const gridSchema = z.object({
  id: z.uuid(),
  x: axisSchema,
  y: axisSchema.nullable(),
  /** Row by row; a cell that was removed is missing. */
  generations: z.array(generationSchema),
  createdAt: z.date(),
});

export type Axis = z.infer<typeof axisSchema>;
export type GridParameter = Axis['parameter'];
export type GridSubmitInput = z.input<typeof gridSubmitSchema>;
export type GridView = z.infer<typeof gridSchema>;
