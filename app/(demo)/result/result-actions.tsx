import { useMutation } from '@tanstack/react-query';
import { Download, MessageCircleQuestion, SlidersHorizontal, Trash2, WandSparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { useState } from 'react';
import { Button, buttonStyle, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import { continueFrom, recall } from '../../_request/draft';
import { downloadUrl, pictureOf } from './result-format';
import { useResults } from './result-context';
import { cancelUpload } from '../composer/upload';
import { useGenerationCache } from '../thread/use-generations';
import { lazyPart } from '../../_ui/lazy-part';
import { MoreButton } from './more-button';
import type { ResultMenuProps } from './result-menu';

/** Fills the form from a result; a picture that is still on its way there is not wanted any more. */
export const fill = (act: () => void) => () => {
  cancelUpload();
  act();
};

interface ResultActionsProps {
  generation: GenerationView;
  deleting: boolean;
  onDeleting: (deleting: boolean) => void;
}

/** What can be done with a finished job. */
export function ResultActions({ generation, deleting, onDeleting }: ResultActionsProps) {
  const t = useTranslations('results');
  const { slots } = useResults();
  if (deleting) return <ConfirmDelete id={generation.id} onKeep={() => onDeleting(false)} />;
  return (
    <div className="mt-auto flex flex-wrap items-center gap-1 pt-3">
      <NextSteps generation={generation} />
      {generation.picture && (
        <a
          href={downloadUrl(generation, generation.picture.hash)}
          download
          aria-label={t('actions.download')}
          data-tip={t('actions.downloadTip')}
          className={cn(buttonStyle({ size: 'small' }), 'tip max-sm:w-8 max-sm:px-0')}
        >
          <Download aria-hidden />
          <span aria-hidden className="max-sm:hidden">
            {t('actions.download')}
          </span>
        </a>
      )}
      <div className="ml-auto flex items-center">
        <IconButton label={t('actions.use')} onClick={fill(() => recall(generation))}>
          <SlidersHorizontal aria-hidden />
        </IconButton>
        <ResultMenu
          generation={generation}
          items={slots.menuItems?.(generation) ?? []}
          onDelete={() => onDeleting(true)}
        />
      </div>
    </div>
  );
}

/** A picture is the start of what comes next. `onChoose` is called before the form is filled. */
export function NextSteps({ generation, onChoose }: { generation: GenerationView; onChoose?: () => void }) {
  const t = useTranslations('results');
  if (!pictureOf(generation)) return null;
  const go = (task: 'edit' | 'understand') =>
    fill(() => {
      onChoose?.();
      continueFrom(generation, task);
    });
  return (
    <>
      <Button size="small" onClick={go('edit')}>
        <WandSparkles aria-hidden /> {t('actions.edit')}
      </Button>
      <Button size="small" onClick={go('understand')}>
        <MessageCircleQuestion aria-hidden /> {t('actions.ask')}
      </Button>
    </>
  );
}

function ConfirmDelete({ id, onKeep }: { id: string; onKeep: () => void }) {
  const t = useTranslations('results');
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const say = useErrorText();
  const { leave, goTo } = useResults();
  const remove = useMutation(
    trpc.demo.remove.mutationOptions({
      onSuccess: () => {
        leave(id);
        cache.remove(id);
      },
      // Another tab was first: it is gone, which is what was wanted.
      onError: (error) => {
        if (error.data?.code === 'NOT_FOUND') cache.remove(id);
      },
    }),
  );
  const keep = () => {
    onKeep();
    goTo(id);
  };
  return (
    <div
      role="group"
      aria-label={t('delete.ask')}
      className="mt-auto flex flex-wrap items-center gap-2 pt-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') keep();
      }}
    >
      <span className="text-sm">{t('delete.ask')}</span>
      <Button
        size="small"
        variant="danger"
        autoFocus
        aria-disabled={remove.isPending}
        onClick={() => {
          if (!remove.isPending) remove.mutate({ id });
        }}
      >
        <Trash2 aria-hidden /> {t('delete.yes')}
      </Button>
      <Button size="small" variant="ghost" onClick={keep}>
        {t('delete.no')}
      </Button>
      {remove.isError && (
        <span role="alert" className="text-danger text-sm">
          {say(remove.error)}
        </span>
      )}
    </div>
  );
}

const load = () => import('./result-menu').then((module) => module.ResultMenu);
/** One that did not arrive is asked for again by the next press. */
const Loaded = lazyPart(load, ({ failed, retry }) => <MoreButton aria-busy={!failed} onClick={retry} />);

/** The menu of a result: its button alone until it is first wanted. */
function ResultMenu(props: ResultMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Loaded {...props} />;
  return (
    <MoreButton
      aria-haspopup="menu"
      aria-expanded={false}
      // On its way before the click.
      onPointerEnter={() => void load().catch(() => undefined)}
      onFocus={() => void load().catch(() => undefined)}
      onClick={() => setWanted(true)}
    />
  );
}
