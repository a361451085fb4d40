import { expect, test } from '@playwright/test';
import { open } from './world';

test('every game with its profile, what is on and what needs a look; Play is one click away', async ({ page }) => {
  await open(page, 'library', { tick: 60 });
  const rows = page.getByRole('grid', { name: 'Games' }).getByRole('row');
  const saltmere = rows.filter({ hasText: 'Saltmere' });
  await expect(saltmere).toContainText('Friday crew');
  await expect(saltmere).toContainText('2 updates');
  await expect(rows.filter({ hasText: 'Night Rally' })).toHaveCount(0);
  await expect(page.locator('main')).toContainText('1 more game is known');
  await page.getByRole('button', { name: 'Play Saltmere' }).click();
  await expect(page.locator('footer [role=status]').first()).toContainText('Saltmere');
});

test('by keyboard: there, to a game, back, and to its profile', async ({ page }) => {
  await open(page, 'downloads');
  await page.keyboard.press('Control+1');
  const rows = page.getByRole('grid', { name: 'Games' }).getByRole('row');
  await rows.filter({ hasText: 'Saltmere' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/g\/saltmere\/browse/);
  await page.keyboard.press('Control+1');
  await rows.filter({ hasText: 'Saltmere' }).focus();
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/\/g\/saltmere\/profile\//);
});

test('a game of the player’s own is added where the games are', async ({ page }) => {
  await open(page, 'library', { tick: 60 });
  await page.getByRole('button', { name: 'Add a game of your own…' }).click();
  await page.getByLabel('Title').fill('Marbles');
  for (const index of [0, 1]) await page.getByRole('button', { name: 'Choose…' }).nth(index).click();
  await page.getByRole('button', { name: 'Add the game…' }).click();
  await expect(page.getByRole('grid').getByRole('row').filter({ hasText: 'Marbles' })).toBeVisible();
});

test('without games it is said how to come to one', async ({ page }) => {
  await open(page, 'library', { state: 'none' });
  await expect(page.locator('main')).toContainText('No game that Muster knows was found');
});
