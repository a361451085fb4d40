import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const inspector = (page: Page) => page.locator('aside');

test('a profile is shared: what it holds and what it leaves out is said first', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'profiles');
  await row(page, 'Friday crew').click();
  await inspector(page).getByRole('button', { name: 'Share this profile…' }).click();
  await expect(inspector(page)).toContainText('It says which 30 packages the profile has');
  await expect(inspector(page)).toContainText('2 mods are left out');
  await inspector(page).getByRole('button', { name: 'Copy it' }).click();
  const shared = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { signed: { packages: unknown[] } };
  expect(shared.signed.packages).toHaveLength(30);
});

test('news of a followed profile are shown, not applied; following ends after a question, by keyboard alone', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  await row(page, 'Quiet evenings').focus();
  await expect(row(page, 'Quiet evenings.*follows Evenings of the crew')).toBeVisible();
  await page.locator('main').getByRole('button', { name: 'Look for news' }).focus();
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('1 profile that you follow has news');
  await expect(inspector(page)).toContainText('Version 9 is there. You agreed to version 7 last.');
  await inspector(page).getByRole('button', { name: 'Stop following…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Go on following' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('no more');
  await expect(row(page, 'Quiet evenings.*follows')).toHaveCount(0);
});

test('an address that does not answer is named with what is safe', async ({ page }) => {
  await open(page, 'profiles', { state: 'partial' });
  await row(page, 'Quiet evenings').click();
  await expect(inspector(page)).toContainText('Your profile stays as it is');
});
