import { Columns2, FileDown, Flag, ListTree, Share2, SquareSplitHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { compareWithSource, pickForCompare } from '../compare/store';
import { useExport } from '../history/use-export';
import { GridCard } from '../lazy';
import { openTool } from '../result/result-tools';
import type { ResultMenuItem, ResultSlots } from '../result/result-context';

/** What comparison, grids, lineage, sharing and export add to the results. */
export function useResultSlots(): ResultSlots {
  const t = useTranslations();
  const save = useExport();
  return useMemo(() => {
    const menuItems = (generation: GenerationView): ResultMenuItem[] => {
      const { picture, source, state } = generation;
      const items: (ResultMenuItem | false)[] = [
        picture !== null && {
          key: 'compare',
          label: t('compare.compare'),
          icon: <Columns2 aria-hidden />,
          onSelect: () => pickForCompare(generation),
        },
        picture !== null &&
          source !== null && {
            key: 'compare-source',
            label: t('compare.compareWithSource'),
            icon: <SquareSplitHorizontal aria-hidden />,
            onSelect: () => compareWithSource(generation),
          },
        {
          key: 'lineage',
          label: t('history.lineage.title'),
          icon: <ListTree aria-hidden />,
          onSelect: () => openTool('lineage', generation),
        },
        state === 'done' && {
          key: 'share',
          label: t('sharing.share.open'),
          icon: <Share2 aria-hidden />,
          onSelect: () => openTool('share', generation),
        },
        state === 'done' && {
          key: 'export',
          isFile: true,
          label: t('history.export'),
          icon: <FileDown aria-hidden />,
          onSelect: () => save(generation),
        },
        {
          key: 'flag',
          label: t('sharing.flag.open'),
          icon: <Flag aria-hidden />,
          onSelect: () => openTool('flag', generation),
        },
      ];
      return items.filter((item) => item !== false);
    };
    return {
      menuItems,
      onCompare: pickForCompare,
      onShare: (generation) => {
        if (generation.state === 'done') openTool('share', generation);
      },
      renderGrid: (generations) => {
        const id = generations[0]?.grid?.id;
        return id && <GridCard gridId={id} generations={generations} />;
      },
    };
  }, [t, save]);
}
