import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { z } from 'zod';
import type { ModelInfo } from '@/server/demo/schema';
import type { GridParameter, GridSubmitInput } from '@/server/demo/grids/schema';
import {
  limitOf,
  offeredOf,
  parameterNamed,
  parametersOf,
  type Parameter,
} from '../../../server/demo/parameters';
import { gridParameters } from '../../../server/demo/grids/schema';
import { newRequestId } from '../../_ui/request-id';
import { useTRPC } from '../../_trpc/client';
import type { Draft } from '../../_request/draft';
import { decoderOf, randomSeed, sizePresets } from '../../_request/fields';
import { readDraft } from '../../_request/read-draft';
import { useGenerationCache } from '../thread/use-generations';
import { axisOf, parseValues, type Parsed, type Ranges } from './values';

const keysOf = (list: readonly Parameter[]) => list.map(({ key }) => key as GridParameter);
const byType = (...types: Parameter['type'][]) =>
  keysOf(gridParameters.filter(({ type }) => types.includes(type)));

const parameters: GridParameter[] = [
  ...byType('integer', 'number'),
  ...(['size', 'prompt', 'replace'] as const),
  ...byType('text'),
  ...byType('choice'),
  'language',
];

/** What a side of a grid can change, with this task and model. */
export const choicesFor = (draft: Draft, model: ModelInfo): GridParameter[] =>
  parameters.filter((name) => {
    const parameter = parameterNamed(name);
    if (!parameter) return name !== 'language' || model.languages.length > 1;
    const { tasks, needsGuidance, limits } = parameter;
    return (
      tasks.includes(draft.task) &&
      (!needsGuidance || model.negativePrompt) &&
      (!limits || limits.some((limit) => limit.name in model.parameters))
    );
  });

export const rangesOf = (draft: Draft, model: ModelInfo): Ranges => {
  const decoder = draft.task === 'edit' ? decoderOf(draft, model) : undefined;
  const ranges = parametersOf('edit').flatMap((parameter) => {
    const limit = limitOf(parameter, decoder);
    return limit ? [[parameter.key, model.parameters[limit.name as 'steps']]] : [];
  });
  return { ...(Object.fromEntries(ranges) as Omit<Ranges, 'languages'>), languages: model.languages };
};

/** Values to begin with. `seeds` are so many random seeds, in the page's words. */
export function suggestion(name: GridParameter, draft: Draft, model: ModelInfo, seeds: string): string {
  const parameter = parameterNamed(name);
  if (parameter?.type === 'choice') return offeredOf(parameter).join(', ');
  const limit = parameter && limitOf(parameter);
  const suggest = parameter?.grid?.suggest;
  if (limit && suggest) {
    if (suggest === 'random') return seeds;
    const { min, max, default: usual } = model.parameters[limit.name as 'steps'];
    const values =
      suggest === 'thirds'
        ? [1 / 3, 2 / 3, 1].map((share) => Math.max(min, Math.round(usual * share)))
        : suggest.filter((value) => value >= min && value <= max);
    return [...new Set(values)].join(', ');
  }
  switch (name) {
    case 'size':
      return sizePresets(model)
        .slice(0, 3)
        .map(({ width, height }) => `${width}x${height}`)
        .join(', ');
    case 'language':
      return model.languages.join(', ');
    case 'prompt':
      return draft.prompt;
    default:
      return '';
  }
}

const side = z.object({ parameter: z.enum(parameters), text: z.string() });

export interface GridForm {
  x: { parameter: GridParameter; text: string };
  y: { parameter: GridParameter | 'none'; text: string };
}

/** The form's schema; its issues are named by `Problem.wrong`, and told from the parser's own answer. */
export const formSchema = (ranges: Ranges) =>
  z
    .object({ x: side, y: side.extend({ parameter: z.enum([...parameters, 'none']) }) })
    .superRefine(({ x, y }, context) => {
      for (const [name, { parameter, text }] of [
        ['x', x],
        ['y', y],
      ] as const) {
        if (parameter === 'none') continue;
        const { problem } = preview(parameter, text, ranges);
        if (problem) context.addIssue({ code: 'custom', path: [name, 'text'], message: problem.wrong });
      }
    });

/** Reads values without drawing real seeds: only how many they are is wanted. */
export function preview(parameter: GridParameter, text: string, ranges: Ranges): Parsed {
  let next = ranges.seed.min;
  return parseValues(parameter, text, ranges, () => next++);
}

/** The request of a form, or null where the composer's form has something wrong. */
function requestOf(form: GridForm, draft: Draft, model: ModelInfo): GridSubmitInput | null {
  const draw = () => randomSeed(model.parameters.seed);
  const axis = ({ parameter, text }: GridForm['x'] | GridForm['y']) => {
    if (parameter === 'none') return null;
    const { values } = parseValues(parameter, text, rangesOf(draft, model), draw);
    return values && axisOf(parameter, values);
  };
  const [x, y] = [axis(form.x), axis(form.y)];
  if (!x) return null;
  const prompts = [x, y].find((one) => one?.parameter === 'prompt')?.values[0];
  const { input } = readDraft(prompts === undefined ? draft : { ...draft, prompt: String(prompts) }, model);
  return input && { base: input, x, y, requestId: newRequestId() };
}

/** Sends grids. The same form sent again after a lost answer is the same request, its random seeds included. */
export function useSubmitGrid() {
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const queryClient = useQueryClient();
  const mutation = useMutation(trpc.grids.submit.mutationOptions());
  const last = useRef<{ key: string; request: GridSubmitInput } | null>(null);

  /** @returns whether it was sent; false where the composer's form has something wrong */
  async function submit(form: GridForm, draft: Draft, model: ModelInfo): Promise<boolean> {
    const key = JSON.stringify([form, draft]);
    const request = last.current?.key === key ? last.current.request : requestOf(form, draft, model);
    if (!request) return false;
    last.current = { key, request };
    const grid = await mutation.mutateAsync(request);
    last.current = null;
    queryClient.setQueryData(trpc.grids.get.queryKey({ id: grid.id }), grid);
    for (const generation of grid.generations) cache.put(generation);
    return true;
  }
  return { submit, pending: mutation.isPending, error: mutation.error, reset: mutation.reset };
}
