'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from './button';
import { toast } from './toaster';
import { copyText } from './copy-text';

const shownMs = 2000;

interface CopyButtonProps {
  text: string;
  /** Its accessible name, e.g. "Copy call". */
  label: string;
  variant?: 'outline' | 'primary' | 'ghost';
  className?: string;
}

/** Copies a text and says so for two seconds, to eyes and to screen readers. Its width stays. */
export function CopyButton({ text, label, variant = 'outline', className }: CopyButtonProps) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    if (await copyText(text)) setCopied(true);
    else toast.error(t('copyFailed'));
  };
  return (
    <>
      <Button variant={variant} size="small" aria-label={label} className={className} onClick={copy}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span aria-hidden className="grid">
          <span className={copied ? 'invisible col-start-1 row-start-1' : 'col-start-1 row-start-1'}>
            {t('copy')}
          </span>
          <span className={copied ? 'col-start-1 row-start-1' : 'invisible col-start-1 row-start-1'}>
            {t('copied')}
          </span>
        </span>
      </Button>
      <span role="status" className="sr-only">
        {copied ? t('copied') : ''}
      </span>
    </>
  );
}
