import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';

/** Every setting of a result, named. */
export function ParameterList({ parameters }: { parameters: GenerationView['parameters'] }) {
  const t = useTranslations('history.parameters');
  const { width, height, steps, guidance, seed, decoder, maxNewTokens, negativePrompt } = parameters;
  const rows: [string, string | number | undefined][] = [
    [t('size'), width !== undefined && height !== undefined ? `${width} × ${height}` : undefined],
    [t('steps'), steps],
    [t('guidance'), guidance],
    [t('seed'), seed],
    [t('decoder'), decoder === 'generation' || decoder === 'editing' ? t(`decoders.${decoder}`) : undefined],
    [t('maxNewTokens'), typeof maxNewTokens === 'number' ? t('tokens', { count: maxNewTokens }) : undefined],
    [t('negativePrompt'), negativePrompt === '' ? undefined : negativePrompt],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
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
