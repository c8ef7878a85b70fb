import { useController, useFormContext } from 'react-hook-form';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { RunPicker } from '../../runs/shared/run-picker';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';

interface RunFieldProps {
  field: 'run.runId' | 'pair.firstRunId' | 'pair.secondRunId';
  label: string;
  hint?: string;
  /** Only runs of this one. */
  benchmark?: string;
  /** A run that cannot be chosen here. */
  without?: string | null;
}

/** A private run has no queue, which the whole team reads, and an empty one has no items. */
const reviewable = ({ done, visibility }: RunRow) => done > 0 && visibility !== 'private';

/** The run of a queue. */
export function RunField({ field: name, ...props }: RunFieldProps) {
  const { control } = useFormContext<QueueForm>();
  const {
    field: { ref, value, onChange },
  } = useController({ control, name });
  return (
    <RunPicker
      {...props}
      ref={ref}
      value={value}
      onChoose={onChange}
      only={reviewable}
      problem={useProblem()(name)}
    />
  );
}
