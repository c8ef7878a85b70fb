import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Locale } from '../../app/_i18n/locale';
import { LanguageSwitch } from '../../app/_ui/language-switch';
import { show, words } from '../support/render';

vi.mock('../../app/_i18n/languages.json', async (original) => {
  const { default: known } = await original<{ default: object }>();
  return { default: { ...known, de: { name: 'Deutsch' } } };
});

const cookie = () => /studio_locale=(\w+)/.exec(document.cookie)?.[1];

test('of two languages one press takes the other', async () => {
  const { user } = show(<LanguageSwitch offered={['en', 'zh']} />);
  await user.click(screen.getByRole('button'));
  expect(cookie()).toBe('zh');
});

test('of more the one that is pressed is taken, and a single one needs no switch', async () => {
  const { user, unmount } = show(<LanguageSwitch offered={['en', 'zh', 'de' as Locale]} />);
  const [opens, ...others] = screen.getAllByRole('button', { hidden: true });
  expect(opens).toHaveAccessibleName(`${words('common.language')}: English`);
  expect(others).toHaveLength(2);
  expect(others[1]).toHaveTextContent('Deutsch');
  await user.click(others[0]!);
  expect(cookie()).toBe('zh');
  unmount();
  show(<LanguageSwitch offered={['en']} />);
  expect(screen.queryByRole('button')).toBeNull();
});
