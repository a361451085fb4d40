import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });

test('a package is held for a reason, which its row and the counts tell, by keyboard alone', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await expect(page.locator('main')).toContainText('2 updates, 1 held back');
  await row(page, 'Deep Storage').focus();
  await page.keyboard.press('h');
  await expect(page.getByLabel('Hold at 4.9.2, because')).toBeFocused();
  await page.keyboard.type('5.0 loses chests');
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('Deep Storage stays at its version');
  await expect(row(page, 'Deep Storage.*held back: 5.0 loses chests')).toBeVisible();
  await expect(page.locator('main')).toContainText('1 update, 2 held back');
  await row(page, 'Deep Storage').focus();
  await page.keyboard.press('h');
  await expect(message(page)).toContainText('Deep Storage moves with updates again');
  await page.keyboard.press('Control+z');
  await expect(row(page, 'Deep Storage.*held back')).toBeVisible();
});

test('a reason is changed, and several are held at once, by mouse', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await row(page, 'Ledger of Debts').click();
  await page.getByLabel('Why it is held').fill('Until summer');
  await page.getByRole('button', { name: 'Save the reason' }).click();
  await expect(row(page, 'Ledger of Debts.*held back: Until summer')).toBeVisible();
  await row(page, 'HUD Core').click({ modifiers: ['Control'] });
  await row(page, 'Deep Storage').click({ modifiers: ['Control'] });
  await page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Hold' }).click();
  await expect(message(page)).toContainText('2 packages stay at their versions');
  await undo(page).click();
  await expect(row(page, 'HUD Core.*held back')).toHaveCount(0);
});

test('the page of a package holds it too', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await row(page, 'Deep Storage').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Hold at 4.9.2, because').fill('Works for us');
  await page.keyboard.press('Enter');
  await expect(page.getByText('You hold it at this version: Works for us')).toBeVisible();
  await page.getByRole('button', { name: 'Stop holding' }).click();
  await expect(page.getByLabel('Hold at 4.9.2, because')).toBeVisible();
});

test('what is advised against is named with its way out, the worst first', async ({ page }) => {
  await open(page, 'profile', { tick: 60, state: 'partial' });
  const audit = page.locator('details', { hasText: 'advised against' });
  await expect(audit).toContainText('2 packages that are on are advised against');
  await expect(audit.getByRole('listitem').first()).toContainText('Community calls it harmful');
  await audit.getByRole('listitem').nth(1).getByRole('button', { name: 'Update to 1.3.0' }).click();
  await audit.getByRole('button', { name: 'Quarantine', exact: true }).first().click();
  await expect(message(page)).toContainText('is turned off, because a source advises against it');
  await undo(page).click();
  await expect(audit).toContainText('Community calls it harmful');
});

test('quarantine is one step for all, and what is off says why', async ({ page }) => {
  await open(page, 'profile', { tick: 60, state: 'partial' });
  await page.getByRole('button', { name: 'Quarantine all 2' }).click();
  await expect(page.locator('summary')).toContainText(['3 packages that are advised against are turned off']);
  await expect(row(page, 'Quieter Gulls.*Off.*calls it harmful')).toBeVisible();
});

test('a version that is advised against says so and cannot be installed', async ({ page }) => {
  await open(page, 'package');
  await page.getByRole('tab', { name: /Versions/ }).click();
  const version = page.getByRole('listitem').filter({ hasText: 'calls it unsafe' });
  await expect(version).toContainText('is without the fault');
  await expect(version.getByRole('button', { name: 'Install this' })).toBeDisabled();
});
