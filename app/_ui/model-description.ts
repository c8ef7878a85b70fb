import type { ModelInfo } from '@/server/demo/schema';
import type { Locale } from '../_i18n/locale';

/** What the manifest says of the model, in the page's language where it has it, and the language that it is in. */
export function noticeOf(
  model: Pick<ModelInfo, 'notice' | 'noticeZh'>,
  locale: Locale,
): { text: string; lang: 'en' | 'zh' } {
  return locale === 'zh' && model.noticeZh
    ? { text: model.noticeZh, lang: 'zh' }
    : { text: model.notice, lang: 'en' };
}
