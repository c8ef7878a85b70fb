import en from './en';
import type { Locale } from './locale';

/** The words of the page, as English has them. */
export type Messages = typeof en;

const fileOf = (namespace: string) => namespace.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The words of a language. Its folder has the same files as `en` (messages.test.ts), and nothing names it: the bundler takes
 * along what fits the pattern.
 */
export async function messagesOf(locale: Locale): Promise<Messages> {
  const words = await Promise.all(
    Object.keys(en).map(async (namespace) => {
      const file = (await import(`./${locale}/${fileOf(namespace)}.json`)) as { default: unknown };
      return [namespace, file.default] as const;
    }),
  );
  return Object.fromEntries(words) as Messages;
}
