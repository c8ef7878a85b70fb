import type messages from './en';
import type { Locale as Known } from './locale';

declare module 'next-intl' {
  interface AppConfig {
    Locale: Known;
    Messages: typeof messages;
  }
}
