import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const sheet = (page: Page) => page.getByRole('dialog');
const message = (page: Page) => page.locator('footer [role=status]').first();

/** Goes to the one package of the mock world that has features. */
async function openFog(page: Page, tick: number): Promise<void> {
  await open(page, 'browse', { tick });
  const row = page.getByRole('grid').getByRole('row', { name: /^Fog of Trade/ });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Fog of Trade', level: 1 })).toBeVisible();
}

test('features and what goes well are chosen with an installation, by mouse', async ({ page }) => {
  await openFog(page, 60);
  const plan = page.locator('ul.difference').first();
  await expect(plan).toContainText('Wind Core');
  await expect(plan).toContainText('needed by Fog of Trade (for “Couriers carry news”)');
  await expect(page.getByRole('checkbox', { name: 'Couriers carry news' })).toBeChecked();
  await page.getByRole('checkbox', { name: 'Couriers carry news' }).uncheck();
  await expect(plan).not.toContainText('Wind Core');
  await page.getByRole('checkbox', { name: 'Faces of the traders' }).check();
  await expect(plan).toContainText('Merchant Portraits');
  await page.getByRole('checkbox', { name: 'Quieter Gulls' }).check();
  await expect(plan).toContainText('Quieter Gulls');
  await expect(page.getByRole('checkbox', { name: 'Quieter Gulls' })).toBeChecked();
  await page.getByRole('checkbox', { name: 'Quieter Gulls' }).uncheck();
  await expect(plan).not.toContainText('Quieter Gulls');
  await page.getByRole('button', { name: /^Install · / }).first().click();
  await expect(page.getByText('1.2.0 is on')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('tab', { name: /^Needs/ }).click();
  await expect(page.getByRole('checkbox', { name: 'Couriers carry news' })).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Faces of the traders' })).toBeChecked();
});

test('features of what is installed are chosen after a look at what that changes, by keyboard', async ({ page }) => {
  await openFog(page, 60);
  await page.getByRole('tab', { name: /^Needs/ }).click();
  const couriers = page.getByRole('tabpanel').getByRole('checkbox', { name: 'Couriers carry news' });
  await expect(couriers).toBeDisabled();
  await page.getByRole('button', { name: /^Install · / }).first().click();
  await expect(couriers).toBeEnabled({ timeout: 20_000 });
  await couriers.focus();
  await page.keyboard.press('Space');
  await expect(couriers).not.toBeChecked();
  await page.getByRole('button', { name: 'Look at what changes' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toContainText('Choose features of Fog of Trade?');
  await expect(sheet(page)).toContainText('Wind Core');
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(couriers).not.toBeChecked();
  await page.getByRole('button', { name: 'Look at what changes' }).click();
  await sheet(page).getByRole('button', { name: /^Choose it/ }).click();
  await expect(message(page)).toContainText('Chose features of Fog of Trade');
  await expect(couriers).not.toBeChecked();
  await expect(page.getByRole('button', { name: 'Look at what changes' })).toBeDisabled();
});
