'use client';

import { MessageCircleQuestion, WandSparkles } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { cn } from '../_components/cn';
import { changeDraft, focusPrompt, type Source } from './draft';
import { cancelUpload, fileOf, takeFile } from './upload';

/** A result that is dragged within the page is already on the server. */
export const dragType = 'application/x-studio-picture';

const carriesPicture = (event: DragEvent) =>
  event.dataTransfer?.types.some((type) => type === 'Files' || type === dragType) ?? false;

function takeDrop(data: DataTransfer, task: 'edit' | 'understand'): void {
  const own = data.getData(dragType);
  if (own) {
    cancelUpload();
    changeDraft({ task, source: JSON.parse(own) as Source });
    focusPrompt();
    return;
  }
  const file = fileOf(data);
  if (file) void takeFile(file, task);
}

/** While a picture is dragged over the page, the page asks what to do with it. */
export function DropOverlay() {
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesPicture(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      // Leaving the window has no related target; moving between elements has.
      if (!event.relatedTarget) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesPicture(event)) return;
      event.preventDefault();
      setDragging(false);
      const zone = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-drop]') : null;
      if (event.dataTransfer)
        takeDrop(event.dataTransfer, zone?.dataset.drop === 'understand' ? 'understand' : 'edit');
    };
    const end = () => setDragging(false);
    const paste = (event: ClipboardEvent) => {
      const file = fileOf(event.clipboardData);
      if (!file) return;
      event.preventDefault();
      void takeFile(file);
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
    <div
      aria-hidden
      className={cn(
        'bg-canvas/85 fixed inset-0 z-40 grid gap-4 p-4 backdrop-blur-sm sm:grid-cols-2 sm:p-8',
        !dragging && 'hidden',
      )}
    >
      <Zone
        task="edit"
        icon={<WandSparkles />}
        title="Edit this picture"
        text="Drop it and say what should change"
      />
      <Zone
        task="understand"
        icon={<MessageCircleQuestion />}
        title="Ask about this picture"
        text="Drop it and put a question"
      />
    </div>
  );
}

function Zone(props: { task: string; icon: ReactNode; title: string; text: string }) {
  const [over, setOver] = useState(false);
  return (
    <div
      data-drop={props.task}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
      className={cn(
        'flex flex-col items-center justify-center gap-1 rounded-2xl border-2 border-dashed text-center transition-colors *:pointer-events-none',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <span className="text-accent mb-2 [&_svg]:size-8">{props.icon}</span>
      <p className="font-semibold">{props.title}</p>
      <p className="text-muted text-sm">{props.text}</p>
    </div>
  );
}
