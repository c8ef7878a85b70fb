import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  text: string;
  /** What came out, in a sentence. */
  found: string | null;
  /** How it was measured, in small print. */
  notes: readonly string[];
  children: ReactNode;
}

/** One ablation: what is compared, what came out, and how it was measured. */
export function Section({ title, text, found, notes, children }: SectionProps) {
  return (
    <section className="border-line bg-surface min-w-0 rounded-xl border p-4">
      <h3 className="text-base font-semibold">{title}</h3>
      <p className="text-muted mt-1 max-w-prose text-[13px] leading-5 text-pretty">{text}</p>
      {found && <p className="mt-2 max-w-prose text-sm leading-6 text-pretty">{found}</p>}
      {children}
      {notes.length > 0 && (
        <p className="text-muted mt-3 max-w-prose text-xs leading-5 text-pretty">{notes.join(' ')}</p>
      )}
    </section>
  );
}

/** As high as a section, so that nothing moves when its chart comes. */
export const Skeleton = () => (
  <div aria-hidden className="border-line bg-surface h-[34rem] rounded-xl border" />
);

/** How the small models of an ablation were trained and measured. */
export function useSetup() {
  const t = useTranslations('ablations');
  return ({ heldOut, ...setup }: Setup): string[] => [t('setup', setup), t('heldOut', { count: heldOut })];
}

interface Setup {
  heldOut: number;
  layers: number;
  width: number;
  steps: number;
  batch: number;
  classes: number;
  colours: number;
}
