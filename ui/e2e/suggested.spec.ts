import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const featured = (page: Page) => page.getByRole('region', { name: 'Featured' });
const trending = (page: Page) => page.getByRole('region', { name: 'Trending' });
const list = (page: Page) => page.getByRole('grid', { name: 'Packages' });

test('what sources feature and what trends stands above the list, with whose word it is', async ({ page }) => {
  await open(page, 'browse');
  await expect(featured(page)).toContainText('chosen by Community');
  await expect(featured(page).getByRole('button', { name: /^Compass Rose HUD/ })).toContainText('would not sail without');
  await expect(trending(page)).toContainText('since 13 Nov 2026 at your sources');
  await expect(trending(page).getByRole('button').first()).toContainText('+190 downloads');
  // What the profile has already is not suggested again.
  await expect(trending(page)).not.toContainText('Deep Storage');
  await featured(page).getByRole('button', { name: /^Old Harbour Map/ }).click();
  await expect(page.getByRole('heading', { name: 'Old Harbour Map' })).toBeVisible();
});

test('a row of suggestions is one tab stop; arrow keys move in it and Enter opens', async ({ page }) => {
  await open(page, 'browse');
  const buttons = featured(page).getByRole('listitem').getByRole('button');
  await buttons.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(buttons.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(buttons.last()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'See all that is featured' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(buttons.last()).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Old Harbour Map' })).toBeVisible();
});

test('“See all” is a query that can be changed and taken back', async ({ page }) => {
  await open(page, 'browse');
  await page.getByRole('button', { name: 'See all that is featured' }).press('Enter');
  await expect(list(page).getByRole('row').nth(1)).toContainText('Chosen by Community: Start here');
  await expect(list(page).getByRole('row').nth(1)).toBeFocused();
  await expect(featured(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Remove the filter Featured' }).click();
  await expect(featured(page)).toBeVisible();
  await page.getByRole('button', { name: 'See all that is trending' }).click();
  await expect(page.getByRole('combobox', { name: 'Order' })).toHaveValue('trending');
  await expect(list(page).getByRole('row').nth(1)).toContainText('+190 downloads at Community since 13 Nov 2026');
  await expect(trending(page)).toHaveCount(0);
});

test('where nobody suggests anything nothing is there, and typing takes the suggestions away', async ({ page }) => {
  await open(page, 'browse', { state: 'empty' });
  await expect(page.locator('main')).toContainText('no sources yet');
  await expect(featured(page)).toHaveCount(0);
  await expect(trending(page)).toHaveCount(0);
  await open(page, 'browse');
  await expect(featured(page)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('lamp');
  await expect(featured(page)).toHaveCount(0);
});

test('the list is shown once: suggestions do not push it down', async ({ page }) => {
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      const top = document.querySelector('[role=grid]')?.getBoundingClientRect().top;
      if (top !== undefined && seen.at(-1) !== top) seen.push(top);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await open(page, 'browse');
  await expect(featured(page)).toBeVisible();
  await expect(list(page)).toBeVisible();
  expect(await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)).toHaveLength(1);
});
