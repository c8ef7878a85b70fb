import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { settingsOf, useParameterWords } from '../settings/use-parameter-words';

/** Every setting of a result, named. */
export function ParameterList({ parameters }: { parameters: GenerationView['parameters'] }) {
  const t = useTranslations('history.parameters');
  const { label } = useParameterWords();
  const known = settingsOf(parameters, { times: ' × ' }).map(({ key, parameter, value }) => {
    if (parameter?.type === 'choice') {
      const word = `decoders.${value}` as 'decoders.editing';
      return [label(key), t.has(word) ? t(word) : value];
    }
    return [label(key), key === 'maxNewTokens' ? t('tokens', { count: Number(value) }) : value];
  });
  if (known.length === 0) return null;
  return (
    <dl aria-label={t('title')} className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1 text-sm">
      {known.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="break-words tabular-nums select-text">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
