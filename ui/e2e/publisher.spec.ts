import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const opened = (page: Page) => page.evaluate(() => (globalThis as unknown as { musterMock: { opened: string[] } }).musterMock.opened);

test('a publisher’s page: the key, since when, tips with their host, the packages', async ({ page }) => {
  await open(page, 'package');
  await page.getByRole('button', { name: 'All by this publisher' }).click();
  await expect(page.getByRole('heading', { name: 'atelier-nord' })).toBeFocused();
  await expect(page.locator('main')).toContainText('fern-slate-oar-harbour');
  await expect(page.locator('main')).toContainText('in Community');
  // Nothing is opened before the button that names the host.
  expect(await opened(page)).toEqual([]);
  await page.getByRole('button', { name: 'Tip the author on ko-fi.com' }).click();
  expect(await opened(page)).toEqual(['https://ko-fi.com/ateliernord']);
  await page.getByRole('grid').getByRole('row', { name: /^Compass Rose HUD/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Compass Rose HUD' })).toBeVisible();
});

test('the page is reached from a row’s menu and left by keyboard alone', async ({ page }) => {
  await open(page, 'browse');
  const first = page.getByRole('grid').getByRole('row').nth(1);
  const publisher = /by ([^,]+),/.exec((await first.getAttribute('aria-label')) ?? '')?.[1] ?? 'nobody';
  await first.focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'All by this publisher' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('main h1')).toHaveText(publisher);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Packages' })).toBeVisible();
});

test('a report holds the facts, is copied by the player, and nothing is sent', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'package');
  await page.getByRole('button', { name: 'Report…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Report “Compass Rose HUD”' });
  await expect(sheet).toContainText('Nothing is sent from here');
  await expect(sheet.getByRole('button', { name: 'Close' })).toBeFocused();
  await sheet.getByRole('button', { name: 'Copy the facts' }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/package: atelier-nord\/compass-rose-hud\n/);
  expect(text).toMatch(/sha256: [0-9a-f]{64}\n/);
  expect(text).toContain('source address: https://registry.example/community');
  expect(await opened(page)).toEqual([]);
  await sheet.getByRole('button', { name: 'Open registry.example' }).click();
  expect(await opened(page)).toEqual(['https://registry.example/community']);
  await sheet.getByRole('button', { name: 'Write it at codeberg.org' }).focus();
  await page.keyboard.press('Enter');
  const form = new URL((await opened(page)).at(-1) ?? '');
  expect(form.pathname).toBe('/atelier-nord/compass/issues/new');
  expect(form.searchParams.get('body')).toContain('package: atelier-nord/compass-rose-hud');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
});

test('the keys of a publisher are told one after the other, on its page and with a package', async ({ page }) => {
  await open(page, 'publisher');
  const keys = page.locator('main dl').getByRole('listitem');
  await expect(keys).toHaveCount(3);
  await expect(keys.nth(0)).toContainText('shown by the source on 1 Sept 2026, not accepted');
  await expect(keys.nth(1)).toContainText('since 11 Mar 2026: handed over, signed by the key before');
  await expect(keys.nth(2)).toContainText('until 11 Mar 2026, replaced by fern-slate-oar-harbour');
  await expect(keys.nth(2)).toContainText('withdrawn by its owner, known here since 2 Apr 2026');
  await open(page, 'package');
  await page.getByRole('tab', { name: 'Trust' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('Keys seen here');
  await expect(page.getByRole('tabpanel').getByRole('listitem')).toHaveCount(3);
});
