/** The languages of the interface; prompts have their own choice. */
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

export const localeCookie = 'studio_locale';

export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale);

/** What the cookie says, else the first of the browser's languages that there is, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return { tag: tag.toLowerCase().split('-')[0], q: q ? Number(q.trim().slice(2)) : 1 };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  const found = wanted.find(({ tag }) => isLocale(tag))?.tag;
  return isLocale(found) ? found : 'en';
}
