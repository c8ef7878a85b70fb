import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { metricTitles } from '@/server/evaluation/runs/titles';
import { chooseLocale, localeCookie } from './locale';
import { messagesOf } from './messages';

export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get('accept-language'));
  const messages = await messagesOf(locale);
  const { runs, leaderboard } = messages;
  // A metric that the catalogue does not translate is called what its benchmark calls it.
  const { ofSamples, ofRuns } = metricTitles();
  return {
    locale,
    messages: {
      ...messages,
      runs: { ...runs, metrics: { ...ofSamples, ...runs.metrics } },
      leaderboard: { ...leaderboard, metric: { ...ofRuns, ...leaderboard.metric } },
    },
  };
});
