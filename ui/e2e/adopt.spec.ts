import { expect, test } from '@playwright/test';
import { open } from './world';

const list = 'Mods that would be taken over';

test('mods in the game’s folders are looked at, taken over, and given back', async ({ page }) => {
  await open(page, 'profiles', { tick: 60 });
  await page.getByRole('button', { name: 'Take over mods…' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Take over mods for Saltmere');
  await page.getByRole('radio', { name: /In the folders of Saltmere/ }).check();
  const rows = page.getByRole('list', { name: list }).getByRole('listitem');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('Its archive, byte for byte');
  await expect(rows.last()).toContainText('By what it says about itself');
  await expect(page.locator('main')).toContainText('44 belong to the profile already.');
  await expect(page.locator('main')).toContainText('Nothing is moved, changed or fetched.');
  await expect(page.getByRole('list', { name: 'Stays yours' })).toContainText('Nothing says what it is');
  await page.getByRole('button', { name: 'Take over 4 mods' }).click();
  await expect(page.locator('footer [role=status]').first()).toContainText('Took over 4 mods');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Friday crew');
  await page.keyboard.press('Control+z');
  await expect(page.locator('footer [role=status]').first()).toContainText('Undone');
});

test('a profile of another manager says that its folder stays as it is', async ({ page }) => {
  await open(page, 'adopt', { tick: 60 });
  await page.getByRole('radio', { name: /r2modman: Harbour nights/ }).check();
  await expect(page.locator('main')).toContainText('The other program’s folder stays exactly as it is.');
  await expect(page.getByRole('list', { name: 'Stays yours' })).toContainText('Switched off in the other program');
  await expect(page.locator('main')).toContainText('A name proves nothing');
  await page.getByRole('button', { name: 'Iron Orchard (1)' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Take over mods for Iron Orchard');
});

test('a folder is chosen outside of the page, by keyboard alone', async ({ page }) => {
  await open(page, 'adopt', { tick: 60 });
  const choose = page.getByRole('button', { name: 'Choose a folder…' });
  await choose.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('/home/ada/downloads/mods')).toBeVisible();
  await expect(page.getByRole('list', { name: list })).toContainText('Paper Boats');
  await expect(page.getByRole('button', { name: 'Take over 1 mod' })).toBeEnabled();
});

test('the disk’s parts and the way into each game’s folder are told', async ({ page }) => {
  await open(page, 'settings');
  const main = page.locator('main');
  await expect(main).toContainText('51 packages');
  for (const part of ['One profile', 'Several profiles', 'Earlier states', 'Could go']) await expect(main.getByText(part).first()).toBeVisible();
  await expect(main).toContainText('The disk is not there');
  await expect(main).toContainText('linked by shared blocks');
  await expect(main).toContainText('copied: the game is on another disk');
});
