import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });

test('switch to another profile and back, by mouse', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  await row(page, 'Quiet evenings').getByRole('button', { name: 'Switch to it' }).click();
  await expect(message(page)).toContainText('Switched to Quiet evenings');
  await expect(row(page, 'Quiet evenings, In the game’s folders')).toBeVisible();
  await undo(page).click();
  await expect(row(page, 'Friday crew, In the game’s folders')).toBeVisible();
});

test('copy, rename and delete a profile, and take each back, by keyboard alone', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  await row(page, 'Quiet evenings').focus();
  await page.keyboard.press('F2');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Rainy evenings');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Rainy evenings')).toBeVisible();
  await row(page, 'Rainy evenings').focus();
  await page.keyboard.press('Control+z');
  await expect(row(page, 'Quiet evenings')).toBeVisible();
  await row(page, 'Quiet evenings').focus();
  await page.keyboard.press('Delete');
  await expect(row(page, 'Quiet evenings, Deleted')).toBeVisible();
  await expect(message(page)).toContainText('Deleted Quiet evenings');
  await row(page, 'Quiet evenings').focus();
  await page.keyboard.press('Space');
  await expect(row(page, 'Quiet evenings, Not in')).toBeVisible();
});

test('a copy gets a free name and can be taken back', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  const copy = page.getByRole('button', { name: 'Make a copy' });
  await copy.click();
  await expect(row(page, 'Copy of Friday crew,')).toBeVisible();
  await row(page, 'Friday crew').click();
  await copy.click();
  await expect(row(page, 'Copy of Friday crew 2')).toBeVisible();
  await undo(page).click();
  await expect(row(page, 'Copy of Friday crew 2, Deleted')).toBeVisible();
});

test('files changed by hand are decided one by one and together', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  await page.getByRole('button', { name: '2 files to look at' }).click();
  const first = row(page, 'hud_core/settings.conf');
  await first.focus();
  await expect(page.locator('aside')).toContainText('The package’s file comes back');
  await page.keyboard.press('b');
  await expect(row(page, 'hud_core/settings.conf, yours, merged')).toBeVisible();
  await page.getByRole('grid').getByRole('row').nth(1).focus();
  await page.keyboard.press('Control+a');
  await page.locator('main').getByRole('button', { name: 'Keep the package’s' }).click();
  await expect(page.getByText('No file was changed by hand.')).toBeVisible();
});

test('a check names what is wrong, repairing puts it right', async ({ page }) => {
  await open(page, 'files', { tick: 60 });
  await page.getByRole('button', { name: 'Check files' }).click();
  await expect(row(page, 'wind_core/sounds/gust_2.ogg, missing')).toBeVisible();
  await page.getByRole('region', { name: 'Check files' }).getByRole('button', { name: 'Repair' }).click();
  await expect(page.getByText('All 1,207 files are exactly as they were placed.')).toBeVisible();
});

test('going back shows the difference first and can be undone', async ({ page }) => {
  await open(page, 'history', { tick: 60 });
  await row(page, 'yesterday').getByRole('button', { name: /^Go back/ }).click();
  const button = page.locator('aside').getByRole('button', { name: 'Go back to here · 1 change' });
  await expect(page.getByRole('heading', { name: 'If you go back to here' })).toBeFocused();
  await expect(page.locator('aside')).toContainText('Ledger of Debts');
  await expect(button).toBeEnabled();
  await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('Went back to: Updated HUD Core, Wind Core');
  await expect(row(page, '.*Went back to state 9')).toBeVisible();
  await undo(page).click();
  await expect(message(page)).toContainText('Undone');
});

test('states are named and compared by keyboard', async ({ page }) => {
  await open(page, 'history', { tick: 60 });
  await row(page, 'yesterday').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Calm seas');
  await page.keyboard.press('Enter');
  await expect(row(page, 'yesterday, Calm seas')).toBeVisible();
  await row(page, 'yesterday').focus();
  await page.keyboard.press('c');
  await expect(page.getByText('Compared with Calm seas')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('aside')).toContainText('From Calm seas to this one');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Compared with Calm seas')).toHaveCount(0);
});

test('old states go only after their number was shown', async ({ page }) => {
  await open(page, 'history', { tick: 60, state: 'many' });
  await expect(page.getByText('1,213 states')).toBeVisible();
  expect(await page.locator('[role=row]').count()).toBeLessThan(60);
  await page.getByRole('button', { name: 'Let old states go…' }).click();
  await page.getByLabel('Keep the newest').fill('20');
  await page.getByLabel('Keep all from the last days').fill('3');
  await page.getByRole('button', { name: /^Let 1,19\d states go$/ }).click();
  await expect(message(page)).toContainText('states were let go');
  await expect(page.getByText(/^2\d states$/)).toBeVisible();
});

test('the mods go, the original game is proved, undo puts them back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'vanilla', { tick: 60 });
  await expect(page.locator('main')).toContainText('Takes 1,209 files of Muster out');
  await page.getByRole('button', { name: 'Take the mods out' }).click();
  await expect(page.locator('main')).toContainText('Saltmere is as it was before Muster');
  await page.getByRole('button', { name: 'Compare every byte' }).click();
  await page.getByRole('button', { name: /^Hash equal ?324/ }).click();
  await expect(row(page, 'fonts/regular_0.ttf')).toBeVisible();
  await page.getByRole('button', { name: 'Copy as text' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('data: fonts/regular_5.ttf');
  await undo(page).click();
  await expect(page.locator('main')).toContainText('Mods of Friday crew are in place');
});

test('conflicts say who wins and why', async ({ page }) => {
  await open(page, 'conflicts');
  await row(page, 'textures/lantern_0000.png').focus();
  await expect(page.locator('aside')).toContainText('wins over');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('aside')).toContainText('lantern_0001.png');
});
