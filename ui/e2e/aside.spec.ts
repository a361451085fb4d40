import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${name}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });
const inspector = (page: Page) => page.locator('aside');

test('a version that was set aside comes back, and undo sets it aside again, by mouse', async ({ page }) => {
  await open(page, 'kept', { tick: 60 });
  await row(page, 'hud_core/settings.conf').first().click();
  await expect(inspector(page)).toContainText('Then a decision, a repair or going back');
  await inspector(page).getByRole('button', { name: 'Bring back' }).click();
  await expect(message(page)).toContainText('hud_core/settings.conf is back');
  await expect(row(page, 'hud_core/settings.conf, was replaced, last changed 1 min')).toBeVisible();
  await undo(page).click();
  await expect(message(page)).toContainText('Undone');
});

test('several come back at once, one of each file, by keyboard alone', async ({ page }) => {
  await open(page, 'kept', { tick: 60 });
  await rows(page).nth(1).focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('3 versions selected')).toBeVisible();
  await page.keyboard.press('r');
  await expect(message(page)).toContainText('2 files are back');
});

test('nothing goes for good without an answer, and the safe one has the focus', async ({ page }) => {
  await open(page, 'kept', { tick: 60 });
  await rows(page).nth(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: 'Let 4 versions go for good?' });
  await expect(dialog).toContainText('Nobody else has them');
  await expect(dialog.getByRole('button', { name: 'Keep them' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(rows(page)).toHaveCount(7);
  await page.keyboard.press('Delete');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('4 versions let go');
  await expect(rows(page)).toHaveCount(3);
  await expect(page.locator('[role=row]:focus')).toHaveCount(1);
});

test('what comes back by itself cannot be let go', async ({ page }) => {
  await open(page, 'kept');
  await row(page, 'wind_core/init.lua').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(inspector(page)).toContainText('It cannot be let go');
});

test('a version that was found after a crash gets a place first', async ({ page }) => {
  await open(page, 'kept', { tick: 60 });
  await rows(page).filter({ hasText: 'where it was is not known' }).focus();
  await page.keyboard.press('r');
  await expect(page.getByLabel('File in that folder')).toBeFocused();
  await page.keyboard.type('../saltmere.conf');
  await expect(page.getByRole('button', { name: 'Bring back there' })).toBeDisabled();
  await page.getByLabel('File in that folder').fill('harbour/lost.conf');
  await page.keyboard.press('Enter');
  await expect(row(page, 'harbour/lost.conf')).toBeVisible();
});

test('from a version to the file that is there now', async ({ page }) => {
  await open(page, 'kept');
  await row(page, 'hud_core/settings.conf').first().click();
  await inspector(page).getByRole('button', { name: 'See the file that is there now' }).click();
  await expect(page.getByRole('heading', { name: 'settings.conf' }).first()).toBeVisible();
  await expect(page).toHaveURL(/\/files/);
});

test('many versions are a list like any other', async ({ page }) => {
  await open(page, 'kept', { state: 'many' });
  await expect(page.getByText(/906 versions/)).toBeVisible();
  expect(await page.locator('[role=row]').count()).toBeLessThan(60);
});

test('saves are snapshotted, some brought back, and the way back is the undo', async ({ page }) => {
  await open(page, 'saves', { tick: 60 });
  await page.getByRole('button', { name: 'Snapshot now' }).click();
  await expect(message(page)).toContainText('Snapshot 5 holds your saves');
  await expect(rows(page).nth(1)).toHaveAccessibleName(/taken by hand/);
  await rows(page).nth(3).click();
  await inspector(page).getByRole('checkbox', { name: /^Harbour/ }).check();
  await inspector(page).getByRole('button', { name: 'Bring 1 save back' }).click();
  await expect(message(page)).toContainText('Those that were there are in snapshot 6');
  await undo(page).click();
  await expect(rows(page).nth(1)).toHaveAccessibleName(/before snapshot 6 was brought back/);
});

test('snapshots by keyboard alone: take one, bring one back, let one go', async ({ page }) => {
  await open(page, 'saves', { tick: 60 });
  await rows(page).nth(1).focus();
  await page.keyboard.press('n');
  await expect(rows(page)).toHaveCount(6);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('r');
  await expect(page.getByRole('button', { name: 'Bring all of them back' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText('Your saves are back');
  await expect(rows(page)).toHaveCount(7);
  await rows(page).nth(6).focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(6);
  await expect(message(page)).toContainText('Snapshot 1 is gone');
});

test('rules say what they take away before they do', async ({ page }) => {
  await open(page, 'saves', { tick: 60 });
  await page.getByRole('button', { name: 'Before large changes' }).click();
  await expect(message(page)).toContainText('before large changes');
  await undo(page).click();
  await expect(page.getByRole('button', { name: 'Never' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'How much is kept…' }).click();
  await page.getByLabel('Snapshots at most').fill('2');
  await expect(page.getByText('2 snapshots, the oldest ones, go for good.')).toBeVisible();
  await page.getByRole('button', { name: 'Change, let the oldest go' }).click();
  await expect(rows(page)).toHaveCount(3);
  await expect(undo(page)).toHaveCount(0);
});

test('a game whose saves nobody knows is named, and a failure says what to do', async ({ page }) => {
  await open(page, 'saves', { state: 'partial' });
  await expect(page.getByText('Muster does not know where Saltmere keeps its saves.')).toBeVisible();
  await open(page, 'saves', { state: 'error' });
  await expect(page.getByRole('group', { name: 'Problem' }).getByRole('button', { name: 'Try again' })).toBeVisible();
});
