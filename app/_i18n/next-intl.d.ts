import type { Locale as Known } from './locale';
import type { Messages as Words } from './messages';

declare module 'next-intl' {
  interface AppConfig {
    Locale: Known;
    Messages: Words;
  }
}
