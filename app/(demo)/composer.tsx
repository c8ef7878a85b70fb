import { ArrowUp, LoaderCircle, Sparkles, SlidersHorizontal } from 'lucide-react';
import { useRef, type FormEvent } from 'react';
import type { Language, ModelInfo, Task } from '@/server/demo/schema';
import { Button } from '../_components/button';
import { cn } from '../_components/cn';
import { Segmented, type Segment } from '../_components/segmented';
import { ConnectionNotice } from './connection-notice';
import { changeDraft, useDraft, type Draft } from './draft';
import { Examples, taskIcons } from './examples';
import { taskWords } from './format';
import { fieldId } from './number-field';
import { isRandomSeed, takesPicture, textOf, type FieldErrors } from './parameters';
import { PromptBox } from './prompt-box';
import { settingsId } from './settings-panel';
import { SourceSlot } from './source-slot';
import { useUpload } from './upload';
import { useModel } from './use-model';
import { useSubmit } from './use-submit';
import { useIsWide } from './wide';

const tasks: Segment<Task>[] = (['generate', 'edit', 'understand'] as const).map((value) => {
  const Icon = taskIcons[value];
  return { value, label: taskWords[value], icon: <Icon aria-hidden /> };
});
const languageWords: Record<Language, { label: string; lang: string }> = {
  en: { label: 'EN', lang: 'en' },
  zh: { label: '中文', lang: 'zh' },
};
const verbs: Record<Task, string> = { generate: 'Generate', edit: 'Edit', understand: 'Ask' };

interface ComposerProps {
  panel: 'auto' | 'open' | 'closed';
  onTogglePanel: () => void;
  onSubmitted: () => void;
}

export function Composer({ panel, onTogglePanel, onSubmitted }: ComposerProps) {
  const draft = useDraft();
  const upload = useUpload();
  const { data: model } = useModel();
  const { submit, pending, errors, message } = useSubmit(model);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const wide = useIsWide();
  const panelOpen = panel === 'auto' ? wide : panel === 'open';
  const withPicture = takesPicture(draft.task);
  const sourceError = withPicture ? (upload.message ?? errors.source) : undefined;

  async function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (upload.state === 'busy') return;
    const wrong = await submit();
    if (wrong) return showFirst(wrong);
    onSubmitted();
    // The prompt stays, ready to be typed over or sent again with another seed.
    if (document.activeElement === prompt.current) prompt.current?.select();
  }

  function showFirst(wrong: FieldErrors) {
    if (wrong.prompt) return prompt.current?.focus();
    const field = Object.keys(wrong).find((name) => name !== 'source');
    if (!field) return;
    if (!panelOpen) onTogglePanel();
    requestAnimationFrame(() => document.getElementById(fieldId(field))?.focus());
  }

  return (
    <div className="before:from-canvas relative z-20 px-3 pb-2 before:pointer-events-none before:absolute before:inset-x-0 before:bottom-full before:h-4 before:bg-linear-to-t sm:px-6">
      <div className="mx-auto max-w-3xl">
        <ConnectionNotice />
        <form
          aria-label="New request"
          noValidate
          onSubmit={(event) => void onSubmit(event)}
          className="border-line-strong/50 bg-surface focus-within:border-accent rounded-2xl border p-2.5 shadow-[0_2px_16px_rgb(0_0_0/0.07)] transition-colors"
        >
          <Segmented
            legend="Task"
            name="task"
            className="flex w-full sm:inline-flex sm:w-auto"
            value={draft.task}
            options={tasks}
            onChange={(task) => changeDraft({ task })}
          />
          <div className="mt-2.5 flex gap-3 px-1">
            {withPicture && (
              <SourceSlot
                invalid={sourceError !== undefined}
                describedBy={sourceError ? 'source-error' : undefined}
              />
            )}
            <PromptBox
              boxRef={prompt}
              max={model?.parameters.promptLength.max}
              error={errors.prompt !== undefined}
              errorId="prompt-error"
            />
          </div>
          <div role="alert" className="text-danger px-1.5 text-[13px] leading-5 empty:hidden">
            {sourceError && <p id="source-error">{sourceError}</p>}
            {errors.prompt && <p id="prompt-error">{errors.prompt}</p>}
            {message && <p>{message}</p>}
          </div>
          <div className="mt-1.5 flex items-center gap-1">
            <Segmented
              legend="Language"
              name="language"
              size="small"
              value={draft.language}
              options={(model?.languages ?? ['en', 'zh']).map((value) => ({
                value,
                ...languageWords[value],
              }))}
              onChange={(language) => changeDraft({ language })}
            />
            <ExamplesButton />
            <Button
              variant="ghost"
              size="small"
              className="min-w-0 shrink max-sm:w-8 max-sm:px-0"
              aria-expanded={panelOpen}
              aria-controls={settingsId}
              aria-label="Settings"
              onClick={onTogglePanel}
            >
              <SlidersHorizontal aria-hidden />
              <span className="truncate tabular-nums max-sm:sr-only">
                {model ? summary(draft, model) : 'Settings'}
              </span>
            </Button>
            <Button
              type="submit"
              variant="primary"
              className="ml-auto min-w-24"
              aria-disabled={pending || !model || upload.state === 'busy'}
            >
              {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : <ArrowUp aria-hidden />}
              {verbs[draft.task]}
            </Button>
          </div>
        </form>
        <Notice model={model} />
      </div>
    </div>
  );
}

function summary(draft: Draft, model: ModelInfo): string {
  if (draft.task === 'understand') return `≤ ${textOf(draft, 'maxNewTokens', model)} tokens`;
  const size =
    draft.task === 'edit' && draft.sizeOfSource
      ? 'source size'
      : `${textOf(draft, 'width', model)}×${textOf(draft, 'height', model)}`;
  const seed = isRandomSeed(draft) ? 'random seed' : `seed ${draft.numbers.seed}`;
  return `${size} · ${textOf(draft, 'steps', model)} steps · ${seed}`;
}

function ExamplesButton() {
  const list = useRef<HTMLDivElement>(null);
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="max-sm:w-8 max-sm:px-0"
        popoverTarget="examples"
        aria-label="Examples"
      >
        <Sparkles aria-hidden />
        <span className="max-sm:sr-only">Examples</span>
      </Button>
      <div
        ref={list}
        id="examples"
        popover="auto"
        role="dialog"
        aria-label="Examples"
        className="border-line bg-canvas text-ink fixed inset-x-0 top-auto bottom-4 m-0 mx-auto max-h-[80dvh] w-160 max-w-[calc(100vw-1.5rem)] overflow-y-auto rounded-2xl border p-3 shadow-2xl backdrop:bg-black/25"
      >
        <p className="px-1 pb-2 text-sm font-semibold">Fill the form with an example</p>
        <Examples onChoose={() => list.current?.hidePopover()} />
      </div>
    </>
  );
}

/** What the model is, on every screen, in its manifest's words. */
function Notice({ model }: { model: ModelInfo | undefined }) {
  return (
    <p
      className={cn('text-muted mt-1.5 line-clamp-2 min-h-8 px-2 text-center text-xs leading-4 text-balance')}
    >
      {model && (
        <>
          <span className="font-medium">
            {model.name} {model.version}
          </span>{' '}
          · {model.notice}
        </>
      )}
    </p>
  );
}
