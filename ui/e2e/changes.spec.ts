import { expect, test } from '@playwright/test';
import { open } from './world';

test('what is new is read on the page of a package, newest first', async ({ page }) => {
  await open(page, 'package');
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  const panel = page.getByRole('tabpanel');
  await expect(page.getByRole('tab', { name: 'What is new' })).toBeFocused();
  await expect(panel).toContainText('Fewer moths');
  await expect(panel).toContainText('This version does not say what is new.');
  await expect(panel.locator('em').first()).toHaveText('brighter');
});

test('a package with an update leads to what is new in it', async ({ page }) => {
  await open(page, 'profile');
  await page.getByRole('grid').getByRole('row').nth(2).click();
  await page.locator('aside').getByRole('button', { name: 'What is new' }).click();
  await expect(page.getByRole('tab', { name: 'What is new' })).toHaveAttribute('aria-selected', 'true');
});

test('a row of a difference unfolds what is new in it, and folds it again, by mouse', async ({ page }) => {
  await open(page, 'collection');
  await page.getByRole('button', { name: 'Apply…' }).click();
  const sheet = page.getByRole('dialog');
  const unfold = sheet.getByRole('button', { name: /^What is new in / }).first();
  await expect(unfold).toHaveAttribute('aria-expanded', 'false');
  await expect(sheet).not.toContainText('Fewer moths');
  await unfold.click();
  await expect(sheet).toContainText('Fewer moths');
  await expect(unfold).toHaveAttribute('aria-expanded', 'true');
  await unfold.click();
  await expect(sheet).not.toContainText('Fewer moths');
});

test('what changed between two states of a profile says what was new, by keyboard', async ({ page }) => {
  await open(page, 'history');
  await page.getByRole('grid').getByRole('row').nth(1).focus();
  const unfold = page.locator('aside').getByRole('button', { name: /^What is new in / }).first();
  for (let step = 0; step < 12 && (await unfold.count()) === 0; step += 1) {
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(60);
  }
  await unfold.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('aside')).toContainText(/Fewer moths|This version does not say|No newer version/);
  await page.keyboard.press('Space');
  await expect(unfold).toHaveAttribute('aria-expanded', 'false');
});
