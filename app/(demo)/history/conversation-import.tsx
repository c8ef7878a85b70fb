'use client';

import { useEffect, useRef } from 'react';
import { useImport } from './conversations';

/** Imports a file that was dropped, once, and says when it is over. */
export function ConversationImport({ file, onEnd }: { file: File; onEnd: () => void }) {
  const bringIn = useImport();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void bringIn(file).finally(onEnd);
  }, [bringIn, file, onEnd]);
  return null;
}
