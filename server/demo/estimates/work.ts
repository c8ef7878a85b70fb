import type { Task } from '../schema';

/** What decides how long a job takes; as stored in `duration.work`. */
export type Work =
  | {
      task: 'generate' | 'edit';
      decoder: string | null;
      width: number;
      height: number;
      steps: number;
      /** With guidance every step runs the decoder twice. */
      guided: boolean;
    }
  | {
      task: 'understand';
      maxNewTokens: number;
      /** Of the answer; known afterwards only. */
      tokens: number | null;
    };

/** @param parameters as stored with the job: complete, defaults filled in. */
export function workOf(task: Task, parameters: Record<string, number | string>): Work {
  const number = (name: string) => Number(parameters[name] ?? 0);
  if (task === 'understand') return { task, maxNewTokens: number('maxNewTokens'), tokens: null };
  return {
    task,
    decoder: typeof parameters.decoder === 'string' ? parameters.decoder : null,
    width: number('width'),
    height: number('height'),
    steps: number('steps'),
    guided: number('guidance') > 1,
  };
}

/** Steps times pixels, twice with guidance: what a picture's time grows with. */
export const amountOf = (work: Exclude<Work, { task: 'understand' }>): number =>
  work.steps * work.width * work.height * (work.guided ? 2 : 1);

/** The same for the same work, tokens of the answer apart. */
export const workKey = (work: Work): string =>
  work.task === 'understand'
    ? `understand ${work.maxNewTokens}`
    : `${work.task} ${work.decoder} ${work.width}x${work.height} ${work.steps} ${work.guided}`;
