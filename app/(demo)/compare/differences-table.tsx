import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC } from '../../_trpc/client';
import { useParameterWords } from '../settings/use-parameter-words';
import { compareSettings, diffWords, type Row } from './differences';
import type { Subject } from './store';

/** The job behind a picture: known already, or asked for where only its id is. */
function useGenerationOf({ generation, generationId, picture }: Subject): GenerationView | null {
  const trpc = useTRPC();
  const asked = useQuery(
    trpc.demo.get.queryOptions(
      { id: generationId ?? '' },
      { enabled: !generation && generationId !== null, retry: false, staleTime: Infinity },
    ),
  ).data;
  if (generation) return generation;
  return asked?.picture?.hash === picture.hash ? asked : null;
}

/** What differs in how two pictures were made; what is equal is folded away. */
export function Differences({ a, b }: { a: Subject; b: Subject }) {
  const t = useTranslations('compare');
  const [left, right] = [useGenerationOf(a), useGenerationOf(b)];
  const one = left ?? right;
  if (!one) return null;
  if (!left || !right)
    return (
      <section aria-label={t('settingsTitle')} className="mt-4 text-sm">
        <p className="text-muted">{t('uploaded', { letter: left ? 'B' : 'A' })}</p>
        <p className="mt-2 break-words whitespace-pre-wrap">{one.prompt}</p>
        <Facts rows={compareSettings(one, one).equal} />
      </section>
    );
  const { different, equal } = compareSettings(left, right);
  const samePrompt = left.prompt === right.prompt;
  return (
    <section aria-label={t('settingsTitle')} className="mt-4 text-sm">
      <table className="w-full max-w-3xl border-collapse text-left leading-6 tabular-nums">
        <caption className="sr-only">{t('differences')}</caption>
        <thead>
          <tr className="border-line text-muted border-b text-xs">
            <th scope="col" className="w-36 py-1 pr-3 font-medium max-sm:w-28">
              {t('setting')}
            </th>
            <th scope="col" className="py-1 pr-3 font-medium">
              A · {t(a.role)}
            </th>
            <th scope="col" className="py-1 font-medium">
              B · {t(b.role)}
            </th>
          </tr>
        </thead>
        <tbody>
          {!samePrompt && (
            <tr className="border-line border-b align-top">
              <th scope="row" className="text-muted py-1.5 pr-3 font-normal">
                {t('settings.prompt')}
              </th>
              <td colSpan={2} className="py-1.5 break-words whitespace-pre-wrap">
                <PromptDiff a={left} b={right} />
              </td>
            </tr>
          )}
          {different.map((row) => (
            <tr key={row.name} className="border-line border-b align-top">
              <th scope="row" className="text-muted py-1.5 pr-3 font-normal">
                <Name of={row} />
              </th>
              <td className="py-1.5 pr-3 font-medium break-words">
                <Value name={row.name} value={row.a} />
              </td>
              <td className="py-1.5 font-medium break-words">
                <Value name={row.name} value={row.b} />
              </td>
            </tr>
          ))}
          {samePrompt && different.length === 0 && (
            <tr>
              <td colSpan={3} className="text-muted py-2">
                {t('noDifference')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {(equal.length > 0 || samePrompt) && (
        <details className="group mt-2">
          <summary className="text-muted hover:text-ink inline-flex cursor-pointer list-none items-center gap-1 rounded text-[13px] [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            {t('equal', { count: equal.length + (samePrompt ? 1 : 0) })}
          </summary>
          {samePrompt && <p className="mt-2 max-w-3xl break-words whitespace-pre-wrap">{left.prompt}</p>}
          <Facts rows={equal} />
        </details>
      )}
    </section>
  );
}

function PromptDiff({ a, b }: { a: GenerationView; b: GenerationView }) {
  const t = useTranslations('compare');
  return diffWords(a.prompt, b.prompt, b.language).map(({ text, only }, index) => {
    if (only === null) return <span key={index}>{text}</span>;
    const Tag = only === 'a' ? 'del' : 'ins';
    const look =
      only === 'a' ? 'bg-danger-soft text-danger' : 'bg-accent-soft text-accent no-underline font-medium';
    return (
      <Tag key={index} className={`rounded-sm px-0.5 ${look}`}>
        <span className="sr-only">{t(only === 'a' ? 'onlyA' : 'onlyB')}</span>
        {text}
      </Tag>
    );
  });
}

function Facts({ rows }: { rows: Row[] }) {
  return (
    <dl className="mt-2 grid w-fit grid-cols-[auto_auto] gap-x-6 gap-y-0.5 text-[13px] leading-5 tabular-nums">
      {rows.map((row) => (
        <div key={row.name} className="contents">
          <dt className="text-muted">
            <Name of={row} />
          </dt>
          <dd>
            <Value name={row.name} value={row.a} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A model may have parameters that the page has no word for: their own name stands for them. */
function Name({ of: { name } }: { of: Row }) {
  const t = useTranslations('compare');
  const { label } = useParameterWords();
  const key = `settings.${name}`;
  return t.has(key as 'title') ? t(key as 'title') : (label(name) ?? name);
}

function Value({ name, value }: { name: string; value: string | null }) {
  const t = useTranslations('compare');
  if (value === null || value === '')
    return (
      <span className="text-muted font-normal">
        <span aria-hidden>–</span>
        <span className="sr-only">{t('none')}</span>
      </span>
    );
  const key = `values.${name}.${value}`;
  return t.has(key as 'title') ? t(key as 'title') : value;
}
