import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What the theme decides; everything else is the same in both. */
const ofColours = ['color-contrast', 'link-in-text-block'];

interface Looked {
  /** These rules only. */
  rules?: string[];
  /** Looks into frames of other sites too, by a page of its own for each look. */
  frames?: boolean;
}

/** Nothing that axe finds wrong: rules of WCAG 2.2, levels A and AA, and axe's own good practice. */
export async function expectAccessible(page: Page, state = 'page', looked: Looked = {}): Promise<void> {
  // A colour half-way of a fade is nobody's contrast.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    ),
  );
  const axe = new AxeBuilder({ page }).setLegacyMode(!looked.frames);
  if (looked.rules) axe.withRules(looked.rules);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${state}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  );
  expect(found).toEqual([]);
}

/** The same in the light and in the dark theme. The page is left light. */
export async function expectAccessibleInBothThemes(page: Page, state = 'page'): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectAccessible(page, `${state}, dark`, { rules: ofColours });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectAccessible(page, `${state}, light`);
}
