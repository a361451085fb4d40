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
