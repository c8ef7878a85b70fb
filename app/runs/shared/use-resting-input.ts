import { useEffect, useRef, useState } from 'react';

/**
 * A text that is typed here and stands elsewhere (in the address) once the typing rests. What changes there, by going
 * back for example, is taken over unless it is what was typed here.
 */
export function useRestingInput(value: string, commit: (value: string) => void, milliseconds = 300) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      latest.current(wanted);
    }, milliseconds);
    return () => clearTimeout(timer);
  }, [typed, milliseconds]);
  return [typed, setTyped] as const;
}
