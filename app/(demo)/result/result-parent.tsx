import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { imageUrl } from '../../_ui/images/address';
import { useResults } from './result-context';
import { StoredImage } from '../../_ui/stored-image';

/** Which result this one came from, where it did: leads there. */
export function ResultParent({ generation }: { generation: GenerationView }) {
  const t = useTranslations('results.from');
  const { goTo } = useResults();
  const { parentId, source } = generation;
  if (!parentId) return null;
  return (
    <button
      type="button"
      aria-label={t('go')}
      onClick={() => goTo(parentId)}
      className="hover:text-ink hover:bg-sunken -my-1 flex items-center gap-1.5 rounded-md px-1.5 py-0.5 transition-colors"
    >
      {t('label')}
      {source && (
        <StoredImage
          src={imageUrl(source.hash)}
          alt=""
          width={20}
          height={20}
          loading="lazy"
          decoding="async"
          className="border-line size-5 rounded border object-cover"
        />
      )}
    </button>
  );
}
