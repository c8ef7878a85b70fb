'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { IconButton } from '../../_ui/button';
import { imageUrl } from '../../_ui/images/address';
import { CompareDialog } from '../lazy';
import { cancelPick, closeCompare, useCompare, type Subject } from './store';

/** The tray and the dialog of comparisons: stands once on the page. */
export function Compare() {
  const { picked, open } = useCompare();
  return (
    <>
      <div role="status" className="contents">
        {picked && <Tray picked={picked} />}
      </div>
      {open && <CompareDialog a={open.a} b={open.b} open onOpenChange={(next) => !next && closeCompare()} />}
    </>
  );
}

/** What is picked, above the page, while the second picture is looked for. */
function Tray({ picked }: { picked: Subject }) {
  const t = useTranslations('compare');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busy = document.querySelector('[role=dialog],[role=menu]');
      if (event.key === 'Escape' && !event.defaultPrevented && !busy) cancelPick();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="border-accent bg-surface animate-fade fixed top-16 left-1/2 z-30 flex w-max max-w-[calc(100vw-1.5rem)] -translate-x-1/2 items-center gap-3 rounded-xl border py-1.5 pr-1.5 pl-2 shadow-xl">
      <img
        src={imageUrl(picked.picture.hash)}
        alt=""
        width={picked.picture.width}
        height={picked.picture.height}
        className="bg-sunken size-10 shrink-0 rounded-md object-contain"
      />
      <p className="min-w-0 text-sm leading-5">
        <span className="block truncate font-medium sm:max-w-80">
          {t('comparingWith', { prompt: picked.generation?.prompt ?? '' })}
        </span>
        <span className="text-muted block truncate text-[13px]">{t('chooseAnother')}</span>
      </p>
      <IconButton label={t('cancel')} className="tip-below tip-end" onClick={cancelPick}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
