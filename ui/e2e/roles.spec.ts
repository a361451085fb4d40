import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const inspector = (page: Page) => page.locator('aside');

test('a profile is for hosting when that is chosen, by keyboard alone, and is taken back', async ({ page }) => {
  await open(page, 'profiles');
  await row(page, 'Friday crew').focus();
  const choices = inspector(page).getByRole('radiogroup', { name: 'What it is for' });
  await expect(choices.getByRole('radio', { name: /^Playing/ })).toBeChecked();
  await choices.getByRole('radio', { name: /^Playing/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(choices.getByRole('radio', { name: /^Hosting/ })).toBeChecked();
  await expect(message(page)).toContainText('The profile is for hosting now');
  await page.keyboard.press('Control+z');
  await expect(choices.getByRole('radio', { name: /^Playing/ })).toBeChecked();
});

test('what the game runs on is found out until the player says it', async ({ page }) => {
  await open(page, 'profiles');
  await row(page, 'Friday crew').focus();
  const platform = inspector(page).getByRole('combobox', { name: 'The game runs on' });
  await expect(platform.locator('option:checked')).toHaveText('Linux (found out)');
  await platform.selectOption('windows');
  await expect(platform).toHaveValue('windows');
  await platform.selectOption('automatic');
  await expect(platform.locator('option:checked')).toHaveText('Linux (found out)');
});
