import { expect, test } from '@playwright/test';
import { open } from './world';

test('a game of the player’s own is added and forgotten, by keyboard alone', async ({ page }) => {
  await open(page, 'settings', { tick: 60 });
  const opener = page.getByRole('button', { name: 'Add a game of your own…' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Title')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Add the game…' })).toBeDisabled();
  await page.keyboard.type('Marbles');
  for (const path of ['/opt/marbles/marbles', '/home/ada/.local/share/marbles/levels']) {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByText(path)).toBeVisible();
  }
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('All files of all mods beside each other')).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const row = page.locator('main li').filter({ hasText: 'Marbles' });
  await expect(row).toContainText('added by you');
  await expect(opener).toBeFocused();
  await expect(page.locator('footer [role=status]').first()).toContainText('Added Marbles');
  await row.getByRole('button', { name: 'Forget Marbles…' }).click();
  await expect(row).toHaveCount(0);
});

test('a name that is taken is refused in place, and nothing is lost', async ({ page }) => {
  await open(page, 'settings', { tick: 60 });
  await page.getByRole('button', { name: 'Add a game of your own…' }).click();
  await page.getByLabel('Title').fill('Saltmere');
  for (const index of [0, 1]) await page.getByRole('button', { name: 'Choose…' }).nth(index).click();
  await page.getByRole('button', { name: 'Add the game…' }).click();
  await expect(page.locator('main')).toContainText('There is a definition of saltmere already');
  await expect(page.getByLabel('Title')).toHaveValue('Saltmere');
});
