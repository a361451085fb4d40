import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const field = (page: Page) => page.getByRole('combobox', { name: 'Commands' });
const option = (page: Page, name: string | RegExp) => page.getByRole('listbox', { name: 'What fits' }).getByRole('option', { name });
/** What is typed goes into the palette, not past it. */
async function ask(page: Page, words = ''): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(words);
}
const message = (page: Page) => page.locator('footer [role=status]').first();

test('a command is found, run, and offered again, by keyboard alone', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await ask(page, 'go offl');
  await expect(option(page, 'Go offline')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Offline: nobody is asked any more');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('group', { name: 'Last used' }).getByRole('option')).toHaveText(['Go online']);
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveCount(0);
});

test('a mod is found and opened from anywhere', async ({ page }) => {
  await open(page, 'settings');
  await ask(page, 'deep stor');
  await expect(page.getByRole('group', { name: 'Mods' }).getByRole('option').first()).toContainText('Deep Storage');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Deep Storage' })).toBeFocused();
});

test('places, profiles, games and settings, each behind its sign', async ({ page }) => {
  await open(page, 'browse');
  await page.getByRole('button', { name: 'Commands' }).click();
  await field(page).fill('%quiet');
  await option(page, /^Quiet evenings/).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Quiet evenings' })).toBeVisible();
  await ask(page, '!theme');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Theme' })).toBeFocused();
  await ask(page, '@marlow');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=publisher%3Amarlow/);
  await ask(page, 'set aside');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: /set aside/ })).toBeVisible();
});

test('a pasted link is looked at, a pasted address becomes a question', async ({ page }) => {
  await open(page, 'browse');
  await page.keyboard.press('Control+k');
  await field(page).fill('muster://package/community/newdev77/quieter-gulls');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Quieter Gulls');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await field(page).fill('https://mods.example/index');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Address or folder')).toHaveValue('https://mods.example/index');
});

test('a link that is pasted where nothing is typed is looked at', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'downloads');
  await page.evaluate(() => navigator.clipboard.writeText('muster://package/community/newdev77/quieter-gulls'));
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('Control+v');
  await expect(page.getByRole('dialog')).toContainText('Quieter Gulls');
});

test('what cannot be done says why and does nothing', async ({ page }) => {
  await open(page, 'browse', { state: 'stopped' });
  await ask(page, 'play');
  await expect(option(page, /^Play/)).toHaveAttribute('aria-disabled', 'true');
  await expect(option(page, /^Play/)).toContainText('which is not running');
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeVisible();
});

test('the first screen takes a link', async ({ page }) => {
  await open(page, 'browse', { state: 'empty' });
  await page.getByRole('button', { name: 'Paste a link…' }).click();
  await expect(field(page)).toBeFocused();
});
