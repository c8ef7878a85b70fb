import { useState } from 'react';

/** True from the first time that `open` is: what is loaded when it is first wanted is kept, so that it can close in peace. */
export function useOnceOpen(open: boolean): boolean {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return opened || open;
}
