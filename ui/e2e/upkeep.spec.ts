import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const inspector = (page: Page) => page.locator('aside');

test('a profile updates by itself when that is chosen, by keyboard alone', async ({ page }) => {
  await open(page, 'profiles');
  await row(page, 'Friday crew').focus();
  const choices = inspector(page).getByRole('radiogroup', { name: 'Updates' });
  await expect(choices.getByRole('radio', { name: /^Show them/ })).toBeChecked();
  await expect(inspector(page)).not.toContainText('Last looked');
  await choices.getByRole('radio', { name: /^Show them/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(choices.getByRole('radio', { name: /^Download them ahead/ })).toBeChecked();
  await expect(inspector(page)).toContainText('waits until');
  await expect(inspector(page)).toContainText('Is here');
  await page.keyboard.press('ArrowDown');
  await expect(choices.getByRole('radio', { name: /^Update by itself/ })).toBeChecked();
});

test('one package is kept up to date and let go again', async ({ page }) => {
  await open(page, 'profile');
  await page.getByRole('grid').getByRole('row').nth(2).click();
  await inspector(page).getByRole('button', { name: 'Keep this up to date' }).click();
  await expect(message(page)).toContainText('is kept up to date');
  await expect(inspector(page).getByRole('button', { name: 'Stop keeping it up to date' })).toBeVisible();
  await inspector(page).getByRole('button', { name: 'Stop keeping it up to date' }).click();
  await expect(message(page)).toContainText('is updated when you like');
});
