import { getTranslations } from 'next-intl/server';
import { sitePath } from '@/server/platform/env/site-path';
import { buttonStyle } from '../_ui/button';
import type { Problem } from '../_ui/error-text';
import { Words } from '../_i18n/words';
import { NarrowPage } from './narrow-page';
import { ProblemText } from './problem-text';

/** A link that is good no more says why, and what to do. */
export async function BadLink({ problem }: { problem: Problem }) {
  const t = await getTranslations('accounts.join');
  return (
    <Words of={['accounts']}>
      <NarrowPage title={t('badTitle')}>
        <p className="text-muted mt-2 text-sm leading-6 text-pretty">
          <ProblemText problem={problem} />
        </p>
        <a href={sitePath('/sign-in')} className={buttonStyle({ className: 'mt-6' })}>
          {t('toSignIn')}
        </a>
      </NarrowPage>
    </Words>
  );
}
