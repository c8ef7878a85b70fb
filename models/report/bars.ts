import type { Manifest } from '../runtime';
import type { Report } from './card';
import type { Share } from './measure';
import type { CardRun } from './runs';

/** What nano is to reach, and what it has. */
export interface Bar {
  what: string;
  bar: string;
  reached: string;
  met: boolean;
}

const MEGABYTE = 1e6;

/** Every bar that was measured: a report or a run that lacks leaves its bars out. */
export function bars(report: Report, manifest: Manifest, runs: readonly CardRun[]): Bar[] {
  const found: Bar[] = [];
  const atLeast = (what: string, least: number, value: number | undefined, digits = 4) => {
    if (value !== undefined)
      found.push({ what, bar: `at least ${least}`, reached: value.toFixed(digits), met: value >= least });
  };
  const atMost = (what: string, most: number, value: number | undefined, digits = 4) => {
    if (value !== undefined)
      found.push({ what, bar: `at most ${most}`, reached: value.toFixed(digits), met: value <= most });
  };
  const languages = ['en', 'zh'] as const;
  const named = { en: 'English', zh: 'Chinese' };
  const share = (s: Share | undefined) => s && s.right / s.n;

  const geneval = (language: 'en' | 'zh') =>
    runs.find((r) => r.benchmark.name === 'geneval' && (r.settings.language ?? 'en') === language);
  const accuracies = (run: CardRun | undefined) => run?.aggregates.filter((a) => a.metric === 'accuracy');
  const overall = (language: 'en' | 'zh') => accuracies(geneval(language))?.find((a) => a.group === '')?.mean;
  for (const language of languages) {
    atLeast(`GenEval, ${named[language]} prompts`, 0.9, overall(language));
    const groups = accuracies(geneval(language))?.filter((a) => a.group !== '');
    if (groups?.length)
      atLeast(`its lowest category, ${named[language]}`, 0.8, Math.min(...groups.map((a) => a.mean)));
  }
  const [en, zh] = languages.map(overall);
  if (en !== undefined && zh !== undefined) atMost('GenEval, English less Chinese', 0.03, Math.abs(en - zh));
  for (const language of languages)
    atLeast(`questions, ${named[language]}`, 0.97, share(report.questions?.[language]?.all));
  for (const language of languages)
    atLeast(
      `questions in held-out phrasings, ${named[language]}`,
      0.9,
      share(report.phrasings?.[language]?.['questions in held-out phrasings']),
    );
  for (const language of languages)
    atLeast(
      `contact sheet, right by template of 48, ${named[language]}`,
      47,
      report.sheet?.[language]?.right,
      0,
    );
  const edits = runs.find((r) => r.benchmark.name === 'synthetic-edits' && r.settings.decoder === 'editing');
  const whole = (metric: string) =>
    edits?.aggregates.find((a) => a.metric === metric && a.group === '')?.mean;
  atMost('synthetic edits, L1', 0.02, whole('l1'));
  atLeast('synthetic edits, CLIP-O', 0.95, whole('clip_o'));
  atLeast('synthetic edits, DINO-O', 0.9, whole('dino_o'));
  for (const language of languages)
    atMost(
      `source restored by the reverse edit, ${named[language]}`,
      0.03,
      report.reverse?.[language]?.restored,
    );
  const bytes = Object.values(manifest.files).map((file) => file.bytes);
  atMost('largest file, MB', 16, Math.max(...bytes) / MEGABYTE, 1);
  atMost('all files, MB', 60, bytes.reduce((a, b) => a + b, 0) / MEGABYTE, 1);
  return found;
}
