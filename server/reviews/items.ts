import type { TaskItem } from './schema';

/** Items as they are shown, made of what was kept when they were queued. */

interface KeptOutput {
  picture: { hash: string; width: number; height: number } | null;
  text: string | null;
  model: string | null;
  runId: string | null;
  sampleId: string | null;
  metric: string | null;
  value: number | null;
}

export interface KeptItem {
  taskId: string;
  position: number;
  task: TaskItem['task'];
  group: string | null;
  prompt: string;
  content: Partial<Pick<TaskItem, 'options' | 'answers' | 'flag'>>;
  inputs: TaskItem['pictures'];
  /** Of a pair in the queue's order, whichever is shown first. */
  outputs: KeptOutput[];
}

/** SQL of the columns of a KeptItem of `review_task t`. */
export const itemColumns = `t.id AS "taskId", t.position, t.task, t."group", t.prompt, t.content,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'hash', p.hash, 'width', b.width, 'height', b.height)
     ORDER BY p.position), '[]') FROM review_input p JOIN blob b ON b.hash = p.hash WHERE p.task_id = t.id) AS inputs,
  (SELECT jsonb_agg(jsonb_build_object('text', o.text, 'model', o.model, 'runId', o.run_id, 'sampleId', o.sample_id,
     'metric', o.metric, 'value', o.value, 'picture', CASE WHEN b.hash IS NOT NULL THEN
       jsonb_build_object('hash', b.hash, 'width', b.width, 'height', b.height) END) ORDER BY o.position)
   FROM review_output o LEFT JOIN blob b ON b.hash = o.hash WHERE o.task_id = t.id) AS outputs`;

/**
 * @param flipped whether the second output of a pair is listed first
 * @param hidden whether the models' names are
 */
export function itemView(
  { content, inputs, outputs, taskId, position, task, group, prompt }: KeptItem,
  { flipped, hidden }: { flipped: boolean; hidden: boolean },
): TaskItem {
  const shown = outputs.map(({ picture, text, model }) => ({ picture, text, model: hidden ? null : model }));
  return {
    ...{ taskId, position, task, group, prompt, pictures: inputs },
    options: content.options ?? [],
    answers: content.answers ?? [],
    outputs: flipped ? shown.reverse() : shown,
    flag: content.flag ?? null,
  };
}
