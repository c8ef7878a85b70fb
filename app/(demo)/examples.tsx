import { ImagePlus, MessageCircleQuestion, WandSparkles } from 'lucide-react';
import { cn } from '../_components/cn';
import { changeDraft, focusPrompt } from './draft';
import { examples, type Example } from './examples-list';
import { taskWords } from './format';
import { cancelUpload, takeUrl } from './upload';

export const taskIcons = { generate: ImagePlus, edit: WandSparkles, understand: MessageCircleQuestion };

function choose(example: Example): void {
  const { task, language, prompt, picture } = example;
  cancelUpload();
  changeDraft({ task, language, prompt, source: null });
  if (picture) void takeUrl(picture.url, task);
  focusPrompt();
}

/** Examples of the three tasks; one fills the form, and nothing runs before it is sent. */
export function Examples({ className, onChoose }: { className?: string; onChoose?: () => void }) {
  return (
    <ul className={cn('grid gap-2 sm:grid-cols-2', className)}>
      {examples.map((example) => {
        const Icon = taskIcons[example.task];
        return (
          <li key={example.prompt}>
            <button
              type="button"
              onClick={() => {
                onChoose?.();
                choose(example);
              }}
              className="group border-line bg-surface hover:border-accent flex h-full min-h-15 w-full items-center gap-3 rounded-xl border px-3 py-2 text-left transition-colors"
            >
              {example.picture ? (
                <img
                  src={example.picture.url}
                  alt={example.picture.alt}
                  width={40}
                  height={40}
                  className="size-10 shrink-0 rounded-lg object-cover"
                />
              ) : (
                <span className="bg-sunken text-muted group-hover:text-accent flex size-10 shrink-0 items-center justify-center rounded-lg">
                  <Icon aria-hidden className="size-4.5" />
                </span>
              )}
              <span className="min-w-0">
                <span className="text-muted block text-xs leading-4">{taskWords[example.task]}</span>
                <span className="block text-sm leading-5 text-pretty" lang={example.language}>
                  {example.prompt}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
