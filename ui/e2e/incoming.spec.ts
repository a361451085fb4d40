import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const dialog = (page: Page) => page.getByRole('dialog');
const message = (page: Page) => page.locator('footer [role=status]').first();
const drop = (page: Page, name: string) => page.evaluate((dropped) => (window as unknown as { musterMock: { dropFile(name: string): Promise<void> } }).musterMock.dropFile(dropped), name);

test('a shared profile: the difference is shown, other mods stay unless said otherwise, then it is applied', async ({ page }) => {
  await open(page, 'profiles', { tick: 40 });
  await page.getByRole('button', { name: 'Paste or open…' }).click();
  await page.getByLabel('Paste a link').fill('https://crew.example/harbour.json');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(dialog(page)).toContainText('Apply “Harbour nights”?');
  await expect(dialog(page)).toContainText('https://crew.example/harbour.json');
  await expect(dialog(page)).toContainText('Signed by lantern-oak-tide-brass');
  await expect(dialog(page)).toContainText('It was written in a profile for playing and hosting. Yours stays what it is.');
  await expect(dialog(page)).toContainText('2 mods of it stay out');
  await expect(dialog(page)).not.toContainText('removed');
  await expect(page.getByRole('button', { name: 'Not now' })).toBeFocused();
  await page.getByLabel('My other mods in this profile stay').uncheck();
  await expect(dialog(page)).toContainText('2 removed');
  await page.getByLabel('My other mods in this profile stay').check();
  await page.waitForTimeout(500);
  await dialog(page).getByRole('button', { name: /^Make \d+ changes$/ }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Harbour nights');
});

test('news of what is followed are shown and agreed to in the window, by keyboard alone', async ({ page }) => {
  await open(page, 'profiles', { tick: 40 });
  await page.getByRole('grid').getByRole('row', { name: /^Quiet evenings/ }).focus();
  await page.locator('main').getByRole('button', { name: 'Look for news' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'See what changes…' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toContainText('https://crew.example/friday/evenings.json');
  await page.waitForTimeout(500);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator('aside')).toContainText('You have its newest version');
});

test('a file that is let go over the window becomes a package after a question', async ({ page }) => {
  await open(page, 'browse', { tick: 40 });
  await drop(page, '/home/ada/downloads/lanterns.zip');
  await expect(dialog(page)).toContainText('Install this file?');
  await expect(dialog(page)).toContainText('/home/ada/downloads/lanterns.zip');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await drop(page, '/home/ada/downloads/lanterns.zip');
  await expect(dialog(page).getByRole('button', { name: /^Install · / })).toBeEnabled();
  await page.waitForTimeout(500);
  await dialog(page).getByRole('button', { name: /^Install · / }).click();
  await expect(message(page)).toContainText('Compass Rose HUD');
});

test('sources that the player does not have are named, and nothing can be applied before', async ({ page }) => {
  await open(page, 'profiles');
  await drop(page, '/home/ada/downloads/stranger.json');
  await expect(dialog(page)).toContainText('Nobody signed it');
  await expect(dialog(page)).toContainText('https://far.example/index');
  await expect(dialog(page).getByRole('button', { name: /^Make/ })).toBeDisabled();
  await expect(page.getByLabel('Look for its next versions')).toHaveCount(0);
  await dialog(page).getByRole('button', { name: 'Look at it…' }).click();
  await expect(page).toHaveURL(/\/sources/);
  await expect(page.getByLabel('Address or folder')).toHaveValue('https://far.example/index');
});

test('a text that is no shared profile is refused with what is safe', async ({ page }) => {
  await open(page, 'profiles');
  await page.getByRole('button', { name: 'Paste or open…' }).click();
  await page.getByLabel('Paste a link').fill('{"format": 1}');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('group', { name: 'Problem' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Paste a link')).toBeVisible();
});

test('a pack is looked at, what it brings is fetched, and then every change is shown before it is made', async ({ page }) => {
  await open(page, 'browse', { tick: 40 });
  await drop(page, '/home/ada/downloads/harbour.mrpack');
  await expect(dialog(page)).toContainText('Apply “Harbour pack”?');
  await expect(dialog(page)).toContainText('in no source; comes from cdn.modrinth.com');
  await expect(dialog(page)).toContainText('not in this version; the newest is 2.0.0');
  await dialog(page).getByText('2 files stay behind').click();
  await expect(dialog(page)).toContainText('A program, and of no source.');
  await page.waitForTimeout(500);
  await dialog(page).getByRole('button', { name: 'Fetch and go on' }).click();
  await dialog(page).getByRole('button', { name: /^Make \d+ changes$/ }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Harbour pack');
});

test('a code is a pack, by keyboard alone', async ({ page }) => {
  await open(page, 'profiles', { tick: 40 });
  await page.getByRole('button', { name: 'Paste or open…' }).click();
  await page.getByLabel('Paste a link').fill('018f3d4c-1111-2222-3333-0123456789ab');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toContainText('Harbour pack');
  await page.waitForTimeout(500);
  await dialog(page).getByRole('button', { name: 'Fetch and go on' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('button', { name: /^Make \d+ changes$/ })).toBeEnabled();
});
