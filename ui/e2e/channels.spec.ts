import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const sheet = (page: Page) => page.getByRole('dialog');
const message = (page: Page) => page.locator('footer [role=status]').first();

test('a profile takes betas after a look at what that changes, by mouse', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  const choice = page.locator('aside').getByRole('combobox', { name: 'Releases of this profile' });
  await expect(choice).toHaveValue('stable');
  await choice.selectOption('beta');
  await expect(sheet(page)).toContainText('Friday crew: also betas?');
  await expect(sheet(page)).toContainText('2 packages change');
  await expect(sheet(page).getByRole('button', { name: 'Leave it as it is' })).toBeFocused();
  await sheet(page).getByRole('button', { name: /^Choose and update · / }).click();
  await expect(message(page)).toContainText('Chose the releases of Friday crew');
  await expect(choice).toHaveValue('beta');
});

test('nothing is another without an answer, and the choice is made without an update, by keyboard', async ({ page }) => {
  await open(page, 'profiles');
  const choice = page.locator('aside').getByRole('combobox', { name: 'Releases of this profile' });
  await choice.selectOption('dev');
  await expect(sheet(page)).toContainText('also development versions?');
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(choice).toHaveValue('stable');
  await choice.selectOption('dev');
  await sheet(page).getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await sheet(page).getByRole('button', { name: 'Choose it' }).focus();
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('Chose the releases of Friday crew');
  await expect(choice).toHaveValue('dev');
});

test('one package goes its own way, and as the profile again', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await page.getByRole('grid').getByRole('row').nth(1).click();
  const choice = page.locator('aside').getByRole('combobox', { name: 'Releases of this package' });
  await expect(choice).toHaveValue('profile');
  await choice.selectOption('beta');
  await expect(sheet(page)).toContainText('also betas?');
  await sheet(page).getByRole('button', { name: /^Choose/ }).click();
  // While it is under way the choice shows what was chosen, too: its end is what counts.
  await expect(message(page)).toContainText('Chose the releases of', { timeout: 20_000 });
  await expect(choice).toHaveValue('beta');
  await choice.selectOption('profile');
  await expect(sheet(page)).toContainText('as the profile?');
  await page.keyboard.press('Escape');
  await expect(choice).toHaveValue('beta');
});
