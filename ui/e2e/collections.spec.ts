import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const sheet = (page: Page) => page.getByRole('dialog');

test('a pack is found, chosen from, looked at and applied, by mouse', async ({ page }) => {
  await open(page, 'collections', { tick: 60 });
  await page.getByRole('button', { name: 'Packs' }).click();
  await row(page, 'Night Market').getByRole('button', { name: 'See what is in it' }).click();
  await expect(page.getByRole('heading', { name: 'Night Market' })).toBeFocused();
  // What needs a look comes first, and the source that is not here is named.
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toContainText('in no source');
  await expect(page.locator('main')).toContainText('1 package is in the source reg-far, which you do not have');
  await row(page, '.*not chosen').first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Apply…' }).click();
  await expect(sheet(page)).toContainText('Apply “Night Market” to Friday crew?');
  await expect(sheet(page)).toContainText('stay as they are');
  await expect(sheet(page)).toContainText('that no source has in a version that fits');
  await expect(sheet(page).getByRole('button', { name: 'Keep as is' })).toBeFocused();
  await sheet(page).getByRole('button', { name: /^Apply · / }).click();
  await expect(sheet(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Applied Night Market', { timeout: 20_000 });
  await expect(page.locator('main')).toContainText('Friday crew has version 24.2.0');
  await page.keyboard.press('Control+3');
  await expect(row(page, 'Night Market, 24.2.0')).toContainText('that no source has');
});

test('an update is offered, looked at and agreed to, by keyboard alone', async ({ page }) => {
  await open(page, 'collections', { state: 'collection', tick: 60 });
  await row(page, 'Lantern Festival, 2.4.0, version 3.0.0 is there').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toContainText('Friday crew has version 2.4.0. Version 3.0.0 is there.');
  await page.getByRole('button', { name: 'Update to 3.0.0…' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toContainText('Update “Lantern Festival” to 3.0.0');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('Applied Lantern Festival', { timeout: 20_000 });
});

test('what was not wanted is left out with Space, and chosen again', async ({ page }) => {
  await open(page, 'collection');
  const one = row(page, '.*, comes,').first();
  const title = (await one.getAttribute('aria-label'))?.split(',')[0] ?? '';
  await one.focus();
  await page.keyboard.press('Space');
  await expect(row(page, `${title}, left out by you`)).toBeVisible();
  await row(page, `${title}, left out by you`).focus();
  await page.keyboard.press('Space');
  await expect(row(page, `${title}, comes`)).toBeVisible();
});

test('the difference names what is left out, and takes it in again', async ({ page }) => {
  await open(page, 'collection');
  const one = row(page, '.*, comes,').first();
  const title = (await one.getAttribute('aria-label'))?.split(',')[0] ?? '';
  await one.focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Apply…' }).click();
  const left = sheet(page).getByRole('listitem').filter({ hasText: title });
  await expect(sheet(page)).toContainText('Left out by you, also with the next updates');
  await left.getByRole('button', { name: `Take it in: ${title}` }).click();
  await expect(sheet(page)).not.toContainText('Left out by you');
  await expect(row(page, `${title}, comes`)).toHaveCount(1);
});

test('a collection is left with the mods that only it brought, or without', async ({ page }) => {
  await open(page, 'collections', { state: 'collection', tick: 60 });
  await row(page, 'Lantern Festival').dblclick();
  await page.getByRole('button', { name: 'Leave it…' }).click();
  await expect(sheet(page)).toContainText('Take “Lantern Festival” out of Friday crew?');
  await sheet(page).getByRole('checkbox').check();
  await expect(sheet(page)).toContainText('1 removed');
  await sheet(page).getByRole('button', { name: 'Take it out' }).click();
  await expect(message(page)).toContainText('Lantern Festival');
  await page.keyboard.press('Control+3');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await expect(row(page, 'Lantern Festival')).toHaveCount(0);
});

test('a profile without one says what they are for', async ({ page }) => {
  await open(page, 'collections', { state: 'empty' });
  await expect(page.locator('main')).toContainText('This needs a profile');
  await page.getByRole('button', { name: 'Lists' }).click();
  await expect(page.locator('main')).toContainText('Your sources offer no lists for this game');
});

test('a link to a collection leads to what is in it', async ({ page }) => {
  await open(page, 'browse', { link: 'muster://collection/community/marlow/lantern-festival' });
  await sheet(page).getByRole('button', { name: 'Details' }).click();
  await expect(page.getByRole('heading', { name: 'Lantern Festival' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply…' })).toBeVisible();
});

test('a list that cannot be read says why, and can be asked for again', async ({ page }) => {
  await open(page, 'collection', { state: 'error' });
  await expect(page.locator('main').getByRole('button', { name: 'Try again' })).toBeVisible();
});
