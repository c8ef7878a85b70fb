import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import type { QueueForm } from './form';

/** Names the queue after what was chosen, as long as nobody wrote a name. */
export function useSuggestedName(name: string | null | undefined | false): void {
  const { setValue, getFieldState } = useFormContext<QueueForm>();
  useEffect(() => {
    const { isDirty, invalid } = getFieldState('name');
    // Sent before the name was there, the form says that it has none.
    if (name && !isDirty) setValue('name', name.slice(0, 120), { shouldValidate: invalid });
  }, [name, setValue, getFieldState]);
}
