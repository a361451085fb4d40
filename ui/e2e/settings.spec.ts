import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });

test('a setting is found by words, changed, marked, and taken back', async ({ page }) => {
  await open(page, 'settings', { tick: 60 });
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('battery');
  await page.getByLabel('On battery', { exact: true }).selectOption('Go on');
  await expect(message(page)).toContainText('On battery: Go on');
  await expect(page.locator('main')).toContainText('changed · usually Wait');
  await undo(page).click();
  await expect(page.getByLabel('On battery', { exact: true })).toHaveValue('pause');
});

test('changed settings are shown alone and put back, by keyboard alone', async ({ page }) => {
  await open(page, 'settings', { tick: 60 });
  await page.keyboard.press('Control+f');
  await page.keyboard.type('connections');
  await page.getByLabel('Connections', { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('80');
  await page.keyboard.press('Tab');
  await expect(message(page)).toContainText('Connections: 80');
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('');
  await page.getByRole('checkbox', { name: 'Only changed ones (1)' }).focus();
  await page.keyboard.press('Space');
  await expect(page.locator('main .setting')).toHaveCount(1);
  await page.getByRole('button', { name: 'Connections: back to what is usual' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Everything is as usual.')).toBeVisible();
});

test('what cannot be is not sent', async ({ page }) => {
  await open(page, 'settings', { tick: 60 });
  const field = page.getByLabel('Connections', { exact: true });
  await field.fill('9999');
  await field.blur();
  await expect(field).toHaveValue('50');
});

test('nothing found says so, with a way back', async ({ page }) => {
  await open(page, 'settings');
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('warp drive');
  await expect(page.getByText('Nothing matches “warp drive”.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByRole('heading', { name: 'Second limits' })).toBeVisible();
});
