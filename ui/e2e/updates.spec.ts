import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Update Friday crew?' });
const offer = (page: Page, title: string) => sheet(page).getByRole('list', { name: 'Updates' }).getByRole('listitem').filter({ hasText: title });
const stays = (page: Page) => sheet(page).getByRole('list', { name: 'Stays as it is' });
const message = (page: Page) => page.locator('footer [role=status]').first();
const openSheet = (page: Page) => page.getByRole('button', { name: 'Update 2…' });

test('updates are read, chosen and made in one step, by mouse', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await openSheet(page).click();
  await expect(sheet(page)).toContainText('2 of 2 chosen');
  await expect(offer(page, 'Tidewater Lighting')).toContainText('5.0.0 → 5.1.0');
  await expect(offer(page, 'Tidewater Lighting').locator('.number')).toHaveText(/\d\s(kB|MB)$/);
  const unfold = offer(page, 'Tidewater Lighting').getByRole('button', { name: 'What is new in Tidewater Lighting' });
  await unfold.click();
  await expect(offer(page, 'Tidewater Lighting')).toContainText('Fewer moths');
  const before = await sheet(page).getByRole('button', { name: /^Update 2 · / }).textContent();
  await offer(page, 'Deep Storage').getByRole('checkbox').uncheck();
  await expect(sheet(page)).toContainText('1 of 2 chosen');
  const button = sheet(page).getByRole('button', { name: /^Update · / });
  await expect(button).toBeEnabled();
  expect(await button.textContent()).not.toBe(before);
  await expect(offer(page, 'Deep Storage').locator('.number')).toHaveText(/\d\s(kB|MB)$/);
  await button.click();
  await expect(sheet(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Tidewater Lighting');
  await expect(page.locator('main')).toContainText('1 update', { timeout: 20_000 });
});

test('a version is skipped, another one held for a reason, and both come back, by keyboard alone', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await openSheet(page).focus();
  await page.keyboard.press('Enter');
  await expect(sheet(page).getByRole('button', { name: 'Not now' })).toBeFocused();
  await offer(page, 'Tidewater Lighting').getByRole('button', { name: /^Skip this version/ }).focus();
  await page.keyboard.press('Enter');
  await expect(stays(page)).toContainText('You skip this version');
  await expect(sheet(page)).toContainText('1 of 1 chosen');
  await offer(page, 'Deep Storage').getByRole('button', { name: /^Hold…/ }).focus();
  await page.keyboard.press('Space');
  await sheet(page).getByLabel('Hold at 4.9.2, because').focus();
  await page.keyboard.type('5.0 loses chests');
  await page.keyboard.press('Enter');
  await expect(stays(page)).toContainText('held back: 5.0 loses chests');
  await expect(sheet(page)).toContainText('Nothing is left to update');
  await expect(sheet(page).getByRole('button', { name: /^Update/ })).toBeDisabled();
  await sheet(page).getByRole('button', { name: 'Offer it again: Tidewater Lighting' }).focus();
  await page.keyboard.press('Enter');
  await expect(offer(page, 'Tidewater Lighting')).toBeVisible();
  await stays(page).getByRole('button', { name: 'Stop holding: Deep Storage' }).focus();
  await page.keyboard.press('Enter');
  await expect(offer(page, 'Deep Storage')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(openSheet(page)).toBeFocused();
});

test('nothing chosen is nothing to do, and all of them are chosen at once', async ({ page }) => {
  await open(page, 'profile');
  await openSheet(page).click();
  const everything = sheet(page).getByRole('checkbox', { name: 'All of them' });
  await everything.uncheck();
  await expect(sheet(page)).toContainText('0 of 2 chosen');
  await expect(sheet(page).getByRole('button', { name: /^Update/ })).toBeDisabled();
  await offer(page, 'Deep Storage').getByRole('checkbox').check();
  await expect(everything).toHaveJSProperty('indeterminate', true);
  await everything.check();
  await expect(sheet(page).getByRole('button', { name: /^Update 2 · / })).toBeEnabled();
});
