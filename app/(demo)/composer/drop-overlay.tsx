'use client';

import { FileSliders, MessageCircleQuestion, WandSparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffectEvent, useLayoutEffect, useState, type ReactNode } from 'react';
import { cn } from '../../_ui/cn';
import { changeDraft, focusPrompt, type Source } from '../../_request/draft';
import { isConversation } from '../result/result-format';
import { ConversationImport } from '../lazy';
import { useImageFile } from './use-image-file';
import { cancelUpload, fileOf } from './upload';

/** A result that is dragged within the page is already on the server. */
export const dragType = 'application/x-studio-picture';

type Zone = 'edit' | 'understand' | 'restore';

const carriesPicture = (event: DragEvent) =>
  event.dataTransfer?.types.some((type) => type === 'Files' || type === dragType) ?? false;

function zoneOf(target: EventTarget | null): Zone | null {
  const zone = target instanceof Element ? target.closest<HTMLElement>('[data-drop]')?.dataset.drop : null;
  return zone === 'edit' || zone === 'understand' || zone === 'restore' ? zone : null;
}

/** While a picture is dragged over the page, the page asks what to do with it; a conversation is imported. */
export function DropOverlay() {
  const t = useTranslations('demo.drop');
  const { take, restoreOrTake, restoreOnly } = useImageFile();
  const [dragging, setDragging] = useState<'file' | 'own' | null>(null);
  const [conversation, setConversation] = useState<File | null>(null);
  const onImported = useCallback(() => setConversation(null), []);

  const takeDrop = useEffectEvent((data: DataTransfer, zone: Zone | null) => {
    const own = data.getData(dragType);
    if (own) {
      cancelUpload();
      const task = zone === 'understand' ? 'understand' : 'edit';
      changeDraft({ task, source: JSON.parse(own) as Source });
      focusPrompt();
      return;
    }
    const file = fileOf(data);
    if (!file) return;
    if (isConversation(file)) setConversation(file);
    else if (zone === 'restore') void restoreOnly(file);
    else if (zone) void take(file, zone);
    else void restoreOrTake(file, 'edit');
  });
  const takePaste = useEffectEvent((file: File) => void restoreOrTake(file));

  // As soon as React answers for the page: what is dropped or pasted before is kept until then.
  useLayoutEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesPicture(event)) return;
      event.preventDefault();
      setDragging(event.dataTransfer?.types.includes(dragType) ? 'own' : 'file');
    };
    const leave = (event: DragEvent) => {
      // Leaving the window has no related target; moving between elements has.
      if (!event.relatedTarget) setDragging(null);
    };
    const drop = (event: DragEvent) => {
      if (!carriesPicture(event)) return;
      event.preventDefault();
      setDragging(null);
      if (event.dataTransfer) takeDrop(event.dataTransfer, zoneOf(event.target));
    };
    const end = () => setDragging(null);
    const paste = (event: ClipboardEvent) => {
      const file = fileOf(event.clipboardData);
      if (!file) return;
      event.preventDefault();
      takePaste(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    window.addEventListener('dragend', end);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
      window.removeEventListener('dragend', end);
      window.removeEventListener('paste', paste);
    };
  }, []);

  return (
    <>
      {conversation && <ConversationImport file={conversation} onEnd={onImported} />}
      <div
        aria-hidden
        className={cn(
          'bg-canvas/85 fixed inset-0 z-40 grid gap-3 p-4 backdrop-blur-sm sm:grid-cols-2 sm:gap-4 sm:p-8',
          dragging !== 'own' && 'grid-rows-[1fr_1fr_auto] sm:grid-rows-[1fr_auto]',
          !dragging && 'hidden',
        )}
      >
        <Zone zone="edit" icon={<WandSparkles />} title={t('edit')} text={t('editText')} />
        <Zone zone="understand" icon={<MessageCircleQuestion />} title={t('ask')} text={t('askText')} />
        {dragging !== 'own' && (
          <Zone
            zone="restore"
            icon={<FileSliders />}
            title={t('restore')}
            text={t('restoreText')}
            className="py-5 sm:col-span-2 sm:py-7"
          />
        )}
      </div>
    </>
  );
}

interface ZoneProps {
  zone: Zone;
  icon: ReactNode;
  title: string;
  text: string;
  className?: string;
}

function Zone({ zone, icon, title, text, className }: ZoneProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      data-drop={zone}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
      className={cn(
        'flex flex-col items-center justify-center gap-1 rounded-2xl border-2 border-dashed px-4 text-center transition-colors *:pointer-events-none',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
        className,
      )}
    >
      <span className="text-accent mb-2 [&_svg]:size-8">{icon}</span>
      <p className="font-semibold">{title}</p>
      <p className="text-muted text-sm">{text}</p>
    </div>
  );
}
