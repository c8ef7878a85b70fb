import type { Page } from '@playwright/test';

/** 400 kbit/s, 400 ms there and back: the page is there at once, its script ten seconds later. */
export async function slowDown(page: Page) {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const throughput = (400 * 1024) / 8;
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
}

/** Holds all scripts of the page back until the returned function is called. */
export async function holdScripts(page: Page) {
  let arrive = () => undefined as void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/_next/static/**/*.js', async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}
