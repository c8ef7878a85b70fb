import type { Metadata } from 'next';
import { requestOrigin } from '../../../_ui/request-origin';
import { Download, ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import type { Shared } from '@/server/demo/sharing/schema';
import { sharedResult } from '@/server/api/web/shared';
import { imageUrl } from '../../../_ui/images/address';
import { downloadUrl } from '../../result/result-format';
import { ParameterList } from '../../history/parameter-list';
import { noticeOf } from '../../../_ui/model-description';
import { asGeneration, sharePath } from '../../sharing/shared';
import { buttonStyle } from '../../../_ui/button';
import { cn } from '../../../_ui/cn';
import { Logo } from '../../../_ui/logo';
import { Words } from '../../../_i18n/words';
import { ReportButton } from './report-button';

export const dynamic = 'force-dynamic';

interface PageProps {
  params: Promise<{ token: string }>;
}

/** In characters; longer titles are cut by those who show them. */
const shortTitle = 70;

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const shared = await sharedResult((await params).token);
  if (!shared) notFound();
  const { prompt, text, picture, source, task, token } = shared;
  const t = await getTranslations('sharing.page');
  const title = prompt.length > shortTitle ? `${prompt.slice(0, shortTitle - 1)}…` : prompt;
  const description = text || t(`kind.${task}`);
  const shown = picture ?? source;
  const images = shown
    ? [{ url: imageUrl(shown.hash), width: shown.width, height: shown.height, alt: prompt }]
    : [];
  return {
    title,
    description,
    metadataBase: await requestOrigin(),
    robots: { index: false, follow: false },
    // The address is the key to the page: other sites are not told it.
    referrer: 'same-origin',
    openGraph: { title, description, images, url: sharePath(token), siteName: 'Nexus-Gen Studio' },
    twitter: { card: shown ? 'summary_large_image' : 'summary', title, description, images },
  };
}

export default async function SharedPage({ params }: PageProps) {
  const shared = await sharedResult((await params).token);
  if (!shared) notFound();
  const t = await getTranslations('sharing.page');
  const locale = await getLocale();
  const format = await getFormatter();
  const { token, task, prompt, language, text, picture, parameters, model, imported, createdAt } = shared;
  return (
    <Words of={['demo', 'sharing', 'results', 'history']}>
      <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 sm:px-6">
        <header className="flex h-14 items-center">
          <Link href="/" className="flex items-center gap-2.5 text-[15px] font-semibold tracking-tight">
            <Logo className="size-7" /> Nexus-Gen Studio
          </Link>
        </header>
        <main className="grid flex-1 content-start gap-6 py-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Pictures shared={shared} />
          <div className="flex min-w-0 flex-col gap-4">
            <div>
              <p className="text-muted text-sm">{t(`kind.${task}`)}</p>
              <h1
                lang={language}
                className={cn('mt-1 font-semibold break-words whitespace-pre-wrap', size(prompt))}
              >
                {prompt}
              </h1>
              {task === 'understand' && (
                <p lang={language} className="mt-3 text-xl leading-8 break-words whitespace-pre-wrap">
                  {text}
                </p>
              )}
            </div>
            <div className="flex flex-wrap gap-2">
              <Link href={`/?from=${token}`} className={buttonStyle({ variant: 'primary' })}>
                <ExternalLink aria-hidden /> {t('studio')}
              </Link>
              {picture && (
                <a href={downloadUrl(asGeneration(shared), picture.hash)} download className={buttonStyle()}>
                  <Download aria-hidden /> {t('download')}
                </a>
              )}
              <ReportButton token={token} />
            </div>
            <div className="border-line space-y-4 border-t pt-4">
              <ParameterList parameters={parameters} />
              <div className="text-sm leading-6">
                {model && (
                  <>
                    <p>
                      <span className="text-muted">{t('model')}</span> {model.name} {model.version}
                    </p>
                    <p lang={noticeOf(model, locale).lang} className="text-muted text-pretty">
                      {noticeOf(model, locale).text}
                    </p>
                  </>
                )}
                {imported && <p className="text-muted">{t('imported')}</p>}
                <p className="mt-2">
                  <span className="text-muted">{t('made')}</span>{' '}
                  <time dateTime={createdAt.toISOString()}>
                    {format.dateTime(createdAt, { dateStyle: 'long', timeZone: 'UTC' })}
                  </time>
                </p>
              </div>
            </div>
          </div>
        </main>
      </div>
    </Words>
  );
}

/** Long prompts are read, short ones are titles. */
const size = (prompt: string) => (prompt.length > 160 ? 'text-base leading-6' : 'text-2xl leading-8');

/** The result, and what it was made from. */
async function Pictures({ shared }: { shared: Shared }) {
  const t = await getTranslations('sharing.page');
  const { task, picture, source, prompt } = shared;
  const shown = picture ?? source;
  if (!shown) return null;
  const before = task === 'edit' && picture ? source : null;
  return (
    <div className="flex flex-col gap-3">
      <figure>
        <img
          src={imageUrl(shown.hash)}
          alt={picture ? prompt : t('about')}
          width={shown.width}
          height={shown.height}
          className="bg-sunken max-h-[75dvh] w-full rounded-2xl object-contain"
        />
        {before && <figcaption className="text-muted mt-1 text-[13px]">{t('after')}</figcaption>}
      </figure>
      {before && (
        <figure className="w-40">
          <img
            src={imageUrl(before.hash)}
            alt={t('before')}
            width={before.width}
            height={before.height}
            className="bg-sunken w-full rounded-xl object-contain"
          />
          <figcaption aria-hidden className="text-muted mt-1 text-[13px]">
            {t('before')}
          </figcaption>
        </figure>
      )}
    </div>
  );
}
