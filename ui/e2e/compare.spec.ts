import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const file = (page: Page, name: string) => rows(page).filter({ hasText: name });
const message = (page: Page) => page.locator('footer [role=status]').first();

test('versions of a file are compared and decided by keyboard alone', async ({ page }) => {
  await open(page, 'files', { tick: 60 });
  await file(page, 'chests.conf').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Lines of chests.conf' })).toBeVisible();
  await expect(rows(page).nth(2)).toContainText('fov = 90');
  await expect(rows(page).nth(1)).toBeFocused();
  await expect(page.locator('main')).toContainText('2 lines of yours');
  await page.keyboard.press('m');
  await expect(message(page)).toContainText('Kept your');
  await expect(file(page, 'chests.conf')).toBeFocused();
});

test('the merge result is shown before it is chosen', async ({ page }) => {
  await open(page, 'files', { tick: 60 });
  await file(page, 'chests.conf').click();
  await page.locator('aside').getByRole('button', { name: 'Compare versions…' }).click();
  await page.getByRole('radio', { name: 'Both, merged' }).or(page.getByRole('button', { name: 'Both, merged' })).first().click();
  await expect(page.locator('main')).toContainText('This is what “Keep both” would place');
  await expect(rows(page).nth(4)).toContainText('lang = de');
  await expect(rows(page).nth(2)).toContainText('fov = 90');
});

test('lines that both changed are marked, and Escape goes back', async ({ page }) => {
  await open(page, 'files', { tick: 60 });
  await file(page, 'prices.conf').focus();
  await page.keyboard.press('Enter');
  await expect(rows(page).filter({ hasText: 'fov = 110' })).toContainText('both');
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(file(page, 'prices.conf')).toBeFocused();
});

test('a file that is no text is told so and can still be decided', async ({ page }) => {
  await open(page, 'files', { tick: 60 });
  await file(page, 'lantern_glass.png').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toContainText('is not a text that can be compared');
  await page.locator('main').getByRole('button', { name: 'Keep the package’s' }).click();
  await expect(message(page)).toContainText('back');
});

test('long files stay quick', async ({ page }) => {
  await open(page, 'files', { state: 'many' });
  await rows(page).nth(1).focus();
  await page.keyboard.press('Enter');
  await page.getByText('All lines').click();
  await rows(page).nth(1).focus();
  await page.keyboard.press('End');
  await expect(rows(page).last()).toContainText('reflections = on');
  expect(await page.locator('[role=row]').count()).toBeLessThan(80);
});
