import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import type { QueueForm } from './form';

/** Names the queue after what was chosen, as long as nobody wrote a name. */
export function useSuggestedName(name: string | null | undefined | false): void {
  const { setValue, getFieldState } = useFormContext<QueueForm>();
  useEffect(() => {
    if (name && !getFieldState('name').isDirty) setValue('name', name.slice(0, 120));
  }, [name, setValue, getFieldState]);
}
