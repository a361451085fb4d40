import { test } from '@playwright/test';
import { open, places, type PlaceName } from './world';

const names = Object.keys(places) as PlaceName[];

async function shot(page: import('@playwright/test').Page, name: string): Promise<void> {
  await page.waitForTimeout(350);
  await page.screenshot({ path: `screenshots/${name}.png` });
}

for (const theme of ['light', 'dark']) {
  for (const place of names) {
    test(`${place} ${theme}`, async ({ page }) => {
      await open(page, place, { theme });
      await shot(page, `${place}-${theme}`);
    });
  }
}
for (const place of names) {
  test(`${place} german`, async ({ page }) => {
    await open(page, place, { lang: 'de' });
    await shot(page, `${place}-de`);
  });
  test(`${place} narrow`, async ({ page }) => {
    await page.setViewportSize({ width: 640, height: 800 });
    await open(page, place);
    await shot(page, `${place}-640`);
  });
  test(`${place} long`, async ({ page }) => {
    await open(page, place, { lang: 'en-XA' });
    await shot(page, `${place}-long`);
  });
}
for (const [name, width] of [['wide', 1920], ['middle', 1000]] as const) {
  test(`browse ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, 'browse');
    await shot(page, `browse-${name}`);
  });
}
for (const state of ['empty', 'error', 'loading', 'stopped', 'partial', 'fresh', 'many']) {
  for (const place of ['browse', 'profile', 'downloads', 'profiles', 'files', 'kept', 'saves', 'history', 'vanilla', 'sources', 'seeding', 'activity'] as const) {
    test(`${place} ${state}`, async ({ page }) => {
      await open(page, place, { state });
      if (state === 'loading') await page.waitForTimeout(2200);
      await shot(page, `${place}-${state}`);
    });
  }
}
test('link dialog', async ({ page }) => {
  await open(page, 'browse', { link: 'muster://package/community/atelier-nord/compass-rose-hud' });
  await shot(page, 'link');
});
const looks: Record<string, string>[] = [{}, { theme: 'dark' }, { lang: 'de' }, { lang: 'en-XA' }];
for (const options of looks) {
  test(`versions of a file ${Object.values(options).join('')}`, async ({ page }) => {
    await open(page, 'files', options);
    await page.getByRole('grid').getByRole('row').filter({ hasText: 'prices.conf' }).focus();
    await page.keyboard.press('Enter');
    await shot(page, `compare-${Object.values(options).join('') || 'light'}`);
  });
  test(`another winner ${Object.values(options).join('')}`, async ({ page }) => {
    await open(page, 'conflicts', options);
    await page.getByRole('grid').getByRole('row').nth(2).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await shot(page, `winner-${Object.values(options).join('') || 'light'}`);
  });
}
for (const options of looks) {
  test(`what somebody sent ${Object.values(options).join('')}`, async ({ page }) => {
    await open(page, 'profiles', options);
    await page.evaluate(() => (window as unknown as { musterMock: { dropFile(name: string): Promise<void> } }).musterMock.dropFile('/home/ada/downloads/harbour-nights.json'));
    await page.getByRole('dialog').waitFor();
    await shot(page, `incoming-${Object.values(options).join('') || 'light'}`);
  });
  for (const place of ['browse', 'profile', 'downloads', 'seeding'] as const) {
    test(`menu in ${place} ${Object.values(options).join('')}`, async ({ page }) => {
      await open(page, place, options);
      await page.locator('[role=grid] [role=row][data-index], [data-transfer]').nth(1).click({ button: 'right', position: { x: 200, y: 12 } });
      await page.getByRole('menu').waitFor();
      await shot(page, `menu-${place}-${Object.values(options).join('') || 'light'}`);
    });
  }
  test(`first start ${Object.values(options).join('')}`, async ({ page }) => {
    await open(page, 'browse', { ...options, state: 'first' });
    await page.getByRole('radio').first().waitFor();
    await shot(page, `first-start-${Object.values(options).join('') || 'light'}`);
  });
  test(`own game ${Object.values(options).join('')}`, async ({ page }) => {
    await open(page, 'settings', options);
    await page.locator('main').getByRole('button').last().click();
    await shot(page, `own-game-${Object.values(options).join('') || 'light'}`);
  });
}
test('right to left', async ({ page }) => {
  await open(page, 'browse', { lang: 'en-XB' });
  await shot(page, 'browse-rtl');
});
