import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });
const shared = { sharing: 'everybody' };

test('what is shared and why it is not is said first; a rule is switched and taken back', async ({ page }) => {
  await open(page, 'seeding', { tick: 60, ...shared });
  await expect(page.locator('main')).toContainText('Not sharing while a game runs');
  await expect(page.locator('main')).toContainText('4.1 GB of 20 GB this month');
  const rule = page.getByRole('checkbox', { name: /^while a game runs \(so now\)/ });
  await expect(rule).toBeChecked();
  await rule.uncheck();
  await expect(page.locator('main')).not.toContainText('Not sharing while a game runs');
  await undo(page).click();
  await expect(page.locator('main')).toContainText('Not sharing while a game runs');
});

test('archives are pinned, held back and shared again by keyboard alone', async ({ page }) => {
  await open(page, 'seeding', { tick: 60, ...shared });
  await row(page, 'Deep Storage').focus();
  await page.keyboard.press('Space');
  await expect(message(page)).toContainText('Deep Storage 5.0.0 is pinned');
  await expect(page.getByRole('checkbox', { name: 'Deep Storage 5.0.0 is pinned' })).toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('checkbox', { name: 'Deep Storage 5.0.0 is pinned' })).not.toBeChecked();
  await row(page, 'Deep Storage').focus();
  await page.keyboard.press('p');
  await expect(row(page, 'Deep Storage')).toHaveAccessibleName(/You paused this one/);
});

test('room is made only after what goes and what stays was shown', async ({ page }) => {
  await open(page, 'seeding', { tick: 60, ...shared });
  await expect(rows(page).nth(1)).toBeVisible();
  const before = await rows(page).count();
  await page.getByRole('button', { name: 'Make room…' }).click();
  const form = page.getByRole('region', { name: 'Make room…' });
  await form.getByLabel('At least').fill('1');
  await form.getByLabel('At least').blur();
  await expect(form.getByRole('button', { name: /^Free \d/ })).toBeEnabled();
  await form.getByRole('button', { name: /^Free \d/ }).click();
  await expect(message(page)).toContainText('freed');
  await expect.poll(() => rows(page).count()).toBeLessThan(before);
});

test('a pinned archive stays and says why', async ({ page }) => {
  await open(page, 'seeding', { tick: 60, ...shared });
  await row(page, 'Compass Rose HUD').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('region', { name: 'Make room…' })).toContainText('You pinned it; unpin it first');
  await expect(page.getByRole('button', { name: /^Free/ })).toBeDisabled();
});

test('without a choice nothing is shared, and the choice is one step away', async ({ page }) => {
  await open(page, 'seeding');
  await expect(page.locator('main')).toContainText('Nothing is shared until you choose with whom.');
  await page.getByRole('button', { name: 'Choose…' }).click();
  await expect(page.locator('#settings-sharing')).toBeFocused();
});

test('a pause for an hour is one click and ends the same way', async ({ page }) => {
  await open(page, 'seeding', { tick: 60, ...shared });
  await page.getByRole('button', { name: 'Pause all for 1 h' }).click();
  await expect(page.locator('main')).toContainText('Everything is paused');
  await page.locator('main').getByRole('button', { name: 'Resume all' }).click();
  await expect(page.getByRole('button', { name: 'Pause all for 1 h' })).toBeVisible();
});
