import { crc32 } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import sharp from 'sharp';

/** The demo page as a person finds it: by roles and labels only. */
export class Studio {
  readonly form: Locator;
  readonly results: Locator;

  constructor(readonly page: Page) {
    this.form = page.getByRole('form', { name: 'New request' });
    this.results = page.getByRole('list', { name: 'Results' });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await expect(this.page.getByRole('button', { name: /^Model: .*Ready$/ })).toBeVisible({
      timeout: 60_000,
    });
  }

  /** The prompt, the instruction or the question, whichever the task has. */
  get prompt(): Locator {
    return this.form.getByRole('textbox');
  }

  get error(): Locator {
    return this.form.getByRole('alert');
  }

  /** The button that sends carries the name of the task. */
  get send(): Locator {
    return this.form.getByRole('button', { name: /^(Generate|Edit|Ask)$/ });
  }

  async choose(task: 'Generate' | 'Edit' | 'Ask'): Promise<void> {
    await this.form.getByRole('radio', { name: task }).check();
  }

  async language(name: 'Auto' | 'EN' | '中文'): Promise<void> {
    await this.form.getByRole('radio', { name, exact: true }).check();
  }

  async submit(text: string): Promise<void> {
    await this.prompt.fill(text);
    await this.prompt.press('Enter');
  }

  setting(label: string): Locator {
    return this.page.getByRole('complementary', { name: 'Settings' }).getByLabel(label, { exact: true });
  }

  async settings(values: Record<string, number>): Promise<void> {
    for (const [label, value] of Object.entries(values)) await this.setting(label).fill(String(value));
  }

  /** Long enough to be met on the way: the most steps, each of them twice because of the guidance. */
  async makeJobsLong(): Promise<void> {
    for (const label of ['Steps', 'Guidance scale']) {
      const most = await this.setting(`${label}, slider`).getAttribute('max');
      await this.setting(label).fill(most ?? '');
    }
  }

  card(task: 'Generate' | 'Edit' | 'Ask', prompt: string): Locator {
    return this.results.getByRole('article', { name: `${task}: ${prompt}`, exact: true }).last();
  }

  async expectState(card: Locator, state: string): Promise<void> {
    await expect(card.getByRole('status')).toHaveText(state, { timeout: 90_000 });
  }

  async expectPicture(card: Locator, prompt: string): Promise<void> {
    await this.expectState(card, 'Done');
    const picture = card.getByRole('img', { name: prompt, exact: true });
    // Asked at once: the last preview gives way to the result between two questions.
    const decoded = () =>
      picture.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0));
    await expect.poll(decoded).toBeGreaterThan(0);
    await expect(card.getByRole('progressbar')).toHaveCount(0);
  }

  async expectAnswer(card: Locator, answer: string | RegExp): Promise<void> {
    await this.expectState(card, 'Done');
    await expect(card.getByRole('group', { name: 'Answer' })).toHaveText(answer);
  }

  /** Chooses a line of a result's menu. */
  /** Chooses a line of a result's menu. @param item the line, or how it begins: some say more */
  async more(card: Locator, item: string): Promise<void> {
    await card.getByRole('button', { name: 'More' }).click();
    const behind = /^Use /.test(item)
      ? 'Reuse settings'
      : /^(Download|Export)/.test(item)
        ? 'Download'
        : null;
    if (behind) await this.page.getByRole('menuitem', { name: behind, exact: true }).click();
    const name = new RegExp(`^${item}(?! with the source)`);
    await this.page.getByRole('menuitem', { name }).click();
  }

  async delete(card: Locator): Promise<void> {
    await this.more(card, 'Delete');
    await card
      .getByRole('group', { name: 'Delete this result?' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect(card).toHaveCount(0);
  }

  async pick(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.form.getByLabel('Image file').setInputFiles(file);
  }
}

/** A plain picture that the server takes. */
export async function plainPicture(format: 'png' | 'jpeg' | 'webp' = 'png') {
  const buffer = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#cdd8e4' } })
    .toFormat(format)
    .toBuffer();
  return { name: `plain.${format}`, mimeType: `image/${format}`, buffer };
}

/** A PNG that carries how it was made, as downloads of this site do. */
export async function pictureWithSettings(settings: { task: string; prompt: string; parameters: object }) {
  const { buffer } = await plainPicture();
  const json = { format: 1, language: 'en', model: 'nexus-gen-nano', version: '0.1.1', ...settings };
  const body = Buffer.concat([
    Buffer.from('iTXtnexus-gen-studio', 'latin1'),
    // The end of the keyword, no compression, no language and no translated keyword.
    Buffer.alloc(5),
    Buffer.from(JSON.stringify(json)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  // After the signature and the header, before everything else.
  const at = 8 + 25;
  const parts = [buffer.subarray(0, at), length, body, check, buffer.subarray(at)];
  return { name: 'made.png', mimeType: 'image/png', buffer: Buffer.concat(parts) };
}
