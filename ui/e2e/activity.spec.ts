import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const inspector = (page: Page) => page.locator('aside');

test('what was done stands newest first, and problems can be told apart', async ({ page }) => {
  await open(page, 'activity');
  await expect(rows(page).nth(1)).toHaveAccessibleName(/Refreshing a source: Community, Done/);
  await page.getByRole('checkbox', { name: 'Only problems (1)' }).check();
  await expect(rows(page)).toHaveCount(2);
  await rows(page).nth(1).click();
  await expect(inspector(page).getByRole('group', { name: 'Problem' })).toContainText('mods.studio.example');
  await page.getByRole('button', { name: 'Files' }).click();
  await expect(page.getByText('Nothing here is of that kind.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(rows(page).nth(3)).toBeVisible();
});

test('from an entry to the state of the history, by keyboard alone', async ({ page }) => {
  await open(page, 'browse');
  await page.keyboard.press('Control+8');
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeFocused();
  await rows(page).filter({ hasText: 'Updated HUD Core' }).first().focus();
  await inspector(page).getByRole('button', { name: 'Show in the history' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'States of this profile' })).toBeVisible();
  await expect(page.locator('[role=row][aria-selected=true]')).toContainText('Updated HUD Core');
});

test('what happens now comes in by itself', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await page.getByRole('grid').getByRole('row').filter({ hasText: 'Brass Fonts' }).first().focus();
  await page.keyboard.press('Control+8');
  await expect(rows(page).nth(1)).toBeVisible();
  const before = await page.getByText(/^\d+ entries$/).textContent();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await page.keyboard.type('switch to quiet');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^\d+ entries$/)).not.toHaveText(before ?? '');
});

test('a report is read before it is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'activity');
  await page.getByRole('button', { name: 'Copy diagnostics…' }).click();
  const report = page.getByRole('region', { name: 'Copy diagnostics…' });
  await expect(report).toContainText('catalog-timeout');
  await report.getByRole('button', { name: 'Copy' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('trace b2f1a9c0');
  expect(copied).not.toContain('/home/ada');
});

test('what failed last is said in the bar below, with a sign of its own and the way to the reason', async ({ page }) => {
  await open(page, 'browse', { state: 'failed' });
  const bar = page.getByRole('contentinfo');
  await expect(bar).toContainText('Needs you');
  await expect(bar.locator('.mark')).toHaveClass(/attention/);
  const reason = bar.getByRole('link', { name: 'The last task failed: Activity says why' });
  await reason.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/activity/);
  await expect(page.locator('main')).toContainText('mods.studio.example');
});
