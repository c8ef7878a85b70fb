import { ArrowUp, LoaderCircle, Sparkles, SlidersHorizontal } from 'lucide-react';
import { lazyPart } from '../../_ui/lazy-part';
import { useTranslations } from 'next-intl';
import { useRef, useState, type FormEvent, type MouseEvent } from 'react';
import type { ModelInfo, Task } from '@/server/demo/schema';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { useOnceOpen } from '../../_ui/use-once-open';
import { Segmented, type Segment } from '../../_ui/segmented';
import type { FormProblem } from '../../_request/form-schema';
import { ConnectionNotice } from './connection-notice';
import { StorageNotice } from './storage-notice';
import { changeDraft, getDraft, useDraft, type Draft } from '../../_request/draft';
import { Estimate } from './estimate';
import { ExamplePreview } from '../examples/example-preview';
import { taskIcons } from '../examples/examples';
import { isRandomSeed, takesPicture, textOf, type FieldName } from '../../_request/fields';
import { LanguageChoice } from './language-choice';
import { ModelNotice } from './model-notice';
import { fieldId } from '../settings/number-field';
import { PolishButton } from './polish-button';
import { PromptBox } from './prompt-box';
import { settingsId } from '../settings/settings-panel';
import { hideExample } from '../examples/shown-example';
import { SourceSlot } from './source-slot';
import { pictureSettled, useUpload } from './upload';
import { useModel } from '../../_ui/use-model';
import { preloadForm, useSubmit } from './use-submit';
import { useIsWide } from '../../_ui/use-is-wide';
import { useProblemText } from './use-problem-text';

const ExamplesDialog = lazyPart(() =>
  import('../examples/examples-dialog').then((module) => module.ExamplesDialog),
);

const tasks = ['generate', 'edit', 'understand'] as const;
const composerId = 'composer';

interface ComposerProps {
  panel: 'auto' | 'open' | 'closed';
  onTogglePanel: () => void;
  onSubmitted: () => void;
}

export function Composer({ panel, onTogglePanel, onSubmitted }: ComposerProps) {
  const t = useTranslations('demo');
  const say = useErrorText();
  const draft = useDraft();
  const upload = useUpload();
  const { data: model } = useModel();
  const wrong = useProblemText(model);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const [waiting, setWaiting] = useState(false);
  const wide = useIsWide();
  const panelOpen = panel === 'auto' ? wide : panel === 'open';
  const { submit, pending, errors, refusal } = useSubmit(model, { onSent, onWrong: showFirst });
  const segments: Segment<Task>[] = tasks.map((value) => {
    const Icon = taskIcons[value];
    return { value, label: t(`tasks.${value}`), icon: <Icon aria-hidden /> };
  });

  const refusedAt = (field: FieldName) => (refusal?.field === field ? say(refusal.problem) : undefined);
  const wrongAt = (field: 'prompt' | 'source') => {
    const problem = errors[field]?.message as FormProblem | undefined;
    return problem ? wrong.text(problem, draft.prompt) : refusedAt(field);
  };
  const promptError = wrongAt('prompt');
  const sourceError = takesPicture(draft.task)
    ? upload.problem
      ? say(upload.problem)
      : wrongAt('source')
    : undefined;
  const { done } = upload;
  const sourceNote =
    takesPicture(draft.task) && done && draft.source?.hash === done.hash
      ? done.notes.map(say).join(' ')
      : null;
  const otherError =
    refusal && refusal.field !== 'prompt' && refusal.field !== 'source' ? say(refusal.problem) : undefined;

  function onSent(sent: Draft) {
    hideExample();
    onSubmitted();
    // The prompt stays, ready to be typed over or sent again with another seed; what was typed meanwhile is not.
    const box = prompt.current;
    if (document.activeElement === box && getDraft().prompt === sent.prompt) box?.select();
  }

  function showFirst(fields: FieldName[]) {
    if (fields.includes('prompt')) return prompt.current?.focus();
    const field = fields.find((name) => name !== 'source');
    if (!field) return document.getElementById(fieldId('source'))?.focus();
    if (!panelOpen) onTogglePanel();
    requestAnimationFrame(() => document.getElementById(fieldId(field))?.focus());
  }

  /** A picture that is still on its way is waited for; one that does not arrive says so at its field. */
  async function sendWhenReady() {
    if (waiting) return;
    setWaiting(true);
    const arrived = await pictureSettled();
    setWaiting(false);
    if (arrived || !takesPicture(getDraft().task)) await submit();
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    void sendWhenReady();
  }

  return (
    <div className="before:from-canvas relative z-20 px-3 pb-2 before:pointer-events-none before:absolute before:inset-x-0 before:bottom-full before:h-4 before:bg-linear-to-t sm:px-6">
      <div className="mx-auto max-w-3xl">
        <StorageNotice />
        <ConnectionNotice />
        <ExamplePreview
          onRun={() => (document.getElementById(composerId) as HTMLFormElement | null)?.requestSubmit()}
        />
        <form
          id={composerId}
          aria-label={t('form')}
          noValidate
          onSubmit={onSubmit}
          onFocus={preloadForm}
          className="border-line-strong/50 bg-surface focus-within:border-accent @container rounded-2xl border p-2.5 shadow-[0_2px_16px_rgb(0_0_0/0.07)] transition-colors"
        >
          <Segmented
            legend={t('task')}
            name="task"
            className="flex w-full sm:inline-flex sm:w-auto"
            value={draft.task}
            options={segments}
            onChange={(task) => changeDraft({ task })}
          />
          <div className="mt-2.5 flex gap-3 px-1">
            {takesPicture(draft.task) && (
              <SourceSlot
                invalid={sourceError !== undefined}
                describedBy={sourceError ? 'source-error' : undefined}
              />
            )}
            <PromptBox
              boxRef={prompt}
              max={model?.parameters.promptLength.max}
              error={promptError !== undefined}
              errorId="prompt-error"
              corner={model?.polishing && draft.task === 'generate' ? <PolishButton /> : undefined}
            />
          </div>
          <div role="alert" className="text-danger px-1.5 text-[13px] leading-5 empty:hidden">
            {sourceError && (
              <p id="source-error">
                {sourceError}
                {upload.problem && upload.takeFirstFrame && (
                  <button
                    type="button"
                    onClick={upload.takeFirstFrame}
                    className="text-accent ml-1.5 font-medium hover:underline"
                  >
                    {t('source.firstFrame')}
                  </button>
                )}
              </p>
            )}
            {promptError && <p id="prompt-error">{promptError}</p>}
            {otherError && <p>{otherError}</p>}
          </div>
          {sourceNote && (
            <p role="status" className="text-muted px-1.5 text-[13px] leading-5">
              {sourceNote}
            </p>
          )}
          <div className="mt-1.5 flex items-center gap-1">
            <LanguageChoice model={model} name="language" className="shrink-0 max-sm:hidden" />
            <ExamplesButton />
            <Button
              variant="ghost"
              size="small"
              className="min-w-0 shrink max-sm:w-8 max-sm:px-0"
              aria-expanded={panelOpen}
              aria-controls={settingsId}
              aria-label={t('settings')}
              onClick={onTogglePanel}
            >
              <SlidersHorizontal aria-hidden />
              <span className="truncate tabular-nums max-sm:sr-only">
                {model ? <Summary draft={draft} model={model} /> : t('settings')}
              </span>
            </Button>
            <Estimate model={model} className="ml-auto min-w-0 flex-1 sm:w-29 sm:flex-none" />
            <Button
              type="submit"
              variant="primary"
              className="ml-1.5 min-w-24"
              aria-busy={pending || waiting}
              onClick={(event: MouseEvent) => {
                // The second click of a double click means the same request.
                if (event.detail === 2) event.preventDefault();
              }}
            >
              {pending || waiting ? (
                <LoaderCircle aria-hidden className="animate-spin" />
              ) : (
                <ArrowUp aria-hidden />
              )}
              {t(`tasks.${draft.task}`)}
            </Button>
          </div>
        </form>
        <ModelNotice model={model} />
      </div>
    </div>
  );
}

/** "256×256 · 12 steps · seed 7": what would be sent, in a line. */
function Summary({ draft, model }: { draft: Draft; model: ModelInfo }) {
  const t = useTranslations('demo.summary');
  if (draft.task === 'understand') return t('tokens', { count: textOf(draft, 'maxNewTokens', model) });
  const size =
    draft.task === 'edit' && draft.sizeOfSource
      ? t('sourceSize')
      : `${textOf(draft, 'width', model)}×${textOf(draft, 'height', model)}`;
  const steps = textOf(draft, 'steps', model);
  if (isRandomSeed(draft)) return t('picture', { size, steps });
  return t('pictureSeed', { size, steps, seed: t('seed', { seed: draft.numbers.seed ?? '' }) });
}

function ExamplesButton() {
  const t = useTranslations('demo.examples');
  const [open, setOpen] = useState(false);
  const wanted = useOnceOpen(open);
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="tip shrink-0 @max-[43rem]:w-8 @max-[43rem]:px-0 @min-[43rem]:after:hidden"
        data-tip={t('title')}
        aria-haspopup="dialog"
        aria-label={t('title')}
        onClick={() => setOpen(true)}
      >
        <Sparkles aria-hidden />
        <span className="@max-[43rem]:sr-only">{t('title')}</span>
      </Button>
      {wanted && <ExamplesDialog open={open} onOpenChange={setOpen} />}
    </>
  );
}
