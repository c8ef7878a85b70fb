import languages from './languages.json';

export type Locale = keyof typeof languages;

/** The languages of the interface, in the order in which they are offered; prompts have their own choice. */
export const locales = Object.keys(languages) as Locale[];

/** What a language calls itself. */
export const nameOf = (locale: Locale): string => languages[locale].name;

/** What is said where the page that would load the words of its language failed itself. */
export const failureWords = (locale: Locale) => languages[locale].failure;

export const localeCookie = 'studio_locale';

export const isLocale = (value: unknown): value is Locale =>
  typeof value === 'string' && Object.hasOwn(languages, value);

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
