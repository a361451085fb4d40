import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const row = (page: Page, name: string) => rows(page).filter({ hasText: name });
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });
const titles = async (page: Page, count: number) => {
  const names = page.locator('[data-list=order] .name');
  await names.nth(count - 1).waitFor();
  return names.evaluateAll((cells, most) => cells.slice(0, most).map((cell) => cell.firstChild?.textContent), count);
};

test('a mod is moved by keyboard, keeps the focus, and undo puts it back', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  const before = await titles(page, 6);
  await row(page, before[4] ?? '').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  const after = [before[0], before[1], before[4], before[2], before[3], before[5]];
  expect(await titles(page, 6)).toEqual(after);
  await expect(row(page, before[4] ?? '')).toBeFocused();
  await expect(message(page)).toContainText(`Moved ${before[4]}`);
  await expect(undo(page)).toBeVisible();
  expect(await titles(page, 6)).toEqual(after);
  await undo(page).click();
  await expect.poll(() => titles(page, 6)).toEqual(before);
});

test('a mod is dragged, with everything that is selected', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  const before = await titles(page, 8);
  await rows(page).nth(4).click({ modifiers: ['Control'] });
  await rows(page).nth(8).click({ modifiers: ['Control'] });
  const from = await rows(page).nth(4).boundingBox();
  const to = await rows(page).nth(1).boundingBox();
  if (from === null || to === null) throw new Error('no rows');
  await page.mouse.move(from.x + 300, from.y + 18);
  await page.mouse.down();
  await page.mouse.move(from.x + 300, from.y - 20, { steps: 3 });
  await page.mouse.move(to.x + 300, to.y + 4, { steps: 4 });
  await expect(page.locator('.gap')).toBeVisible();
  await page.mouse.up();
  await expect.poll(async () => (await titles(page, 6)).indexOf(before[3])).toBeLessThan(3);
  const after = await titles(page, 6);
  expect(after.indexOf(before[7])).toBe(after.indexOf(before[3]) + 1);
  await expect(message(page)).toContainText('Moved 2 mods');
});

test('a mod goes where the hand lets go, also when nothing was drawn since it moved', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  const before = await titles(page, 6);
  const from = await rows(page).nth(5).boundingBox();
  const to = await rows(page).nth(2).boundingBox();
  if (from === null || to === null) throw new Error('no rows');
  await page.mouse.move(from.x + 300, from.y + 18);
  await page.mouse.down();
  await page.mouse.move(from.x + 300, from.y + 2, { steps: 2 });
  await expect(page.locator('.gap')).toBeVisible();
  // Both events in one task: no frame comes between them.
  await page.evaluate(([x, y]) => {
    for (const kind of ['pointermove', 'pointerup']) dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y, pointerType: 'mouse' }));
  }, [to.x + 300, to.y + 4] as const);
  await expect.poll(() => titles(page, 6)).toEqual([before[0], before[4], before[1], before[2], before[3], before[5]]);
  await page.mouse.up();
});

test('Escape lets go of what is dragged', async ({ page }) => {
  await open(page, 'profile');
  const before = await titles(page, 6);
  const from = await rows(page).nth(4).boundingBox();
  if (from === null) throw new Error('no row');
  await page.mouse.move(from.x + 300, from.y + 18);
  await page.mouse.down();
  await page.mouse.move(from.x + 300, from.y - 90, { steps: 4 });
  await expect(page.locator('.gap')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.locator('.gap')).toHaveCount(0);
  expect(await titles(page, 6)).toEqual(before);
});

test('what an author asks for is stronger than the player, and it is said', async ({ page }) => {
  await open(page, 'profile', { tick: 60 });
  const before = await titles(page, 3);
  await rows(page).nth(2).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(message(page)).toContainText(`${before[1]} stays behind ${before[0]}, which must be loaded first`);
  expect(await titles(page, 3)).toEqual(before);
  await rows(page).nth(2).focus();
  await expect(page.locator('aside')).toContainText(`${before[0]} asks to be loaded before ${before[1]}`);
});

test('a position can be written, and 500 mods are as quick as five', async ({ page }) => {
  await open(page, 'profile', { tick: 60, state: 'many' });
  await rows(page).nth(6).click();
  const title = (await titles(page, 6))[5] ?? '';
  const field = page.locator('aside').getByRole('spinbutton');
  await field.fill('400');
  await field.press('Enter');
  await expect(field).toHaveValue('400');
  await expect(message(page)).toContainText(`Moved ${title}`);
  expect(await page.locator('[role=row]').count()).toBeLessThan(60);
});

test('wishes that go round in a circle are explained', async ({ page }) => {
  await open(page, 'profile', { state: 'partial' });
  await page.getByText('Mods ask for an order that cannot be').click();
  await expect(page.locator('main')).toContainText('this one gave way');
});

test('files that several mods hold come page by page', async ({ page }) => {
  await open(page, 'conflicts', { state: 'many' });
  await expect(page.getByText('12,000 files that several mods hold')).toBeVisible();
  await rows(page).nth(1).focus();
  await page.keyboard.press('End');
  await expect(rows(page).last()).toContainText('lantern_1');
  await expect(page.locator('aside h2')).toContainText('lantern_11999.png');
});

test('another mod wins after a look at what that changes, by keyboard alone', async ({ page }) => {
  await open(page, 'conflicts', { tick: 60 });
  const first = rows(page).nth(2);
  await first.focus();
  const path = ((await first.locator('.mono').getAttribute('title')) ?? '').split('/').at(-1) ?? '';
  const winner = await first.locator('.winner').textContent();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Another winner' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^If .* wins$/ })).toBeFocused();
  await expect(page.locator('aside')).toContainText('files change hands');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(message(page)).toContainText(`wins over ${winner} now`);
  await expect(row(page, path).locator('.winner')).not.toHaveText(winner ?? '');
  await undo(page).click();
  await expect(row(page, path).locator('.winner')).toHaveText(winner ?? '');
});

test('who cannot win is told why', async ({ page }) => {
  await open(page, 'conflicts', { tick: 60 });
  await rows(page).nth(1).focus();
  await page.locator('aside').getByRole('button', { name: /^Let .* win…$/ }).click();
  await expect(page.locator('aside')).toContainText('cannot win here');
  await expect(page.locator('aside')).toContainText('asks to be loaded before');
});
