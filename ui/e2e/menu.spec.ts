import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const menu = (page: Page) => page.getByRole('menu');
const items = (page: Page) => page.getByRole('menuitem');
const rows = (page: Page) => page.getByRole('grid').locator('[role=row][data-index]');
const message = (page: Page) => page.locator('footer [role=status]').first();

test('a package is installed from its menu by mouse; the row is what the inspector shows', async ({ page }) => {
  await open(page, 'browse', { tick: 40 });
  const row = rows(page).filter({ hasText: 'Compass Rose HUD' });
  await row.click({ button: 'right' });
  await expect(page.locator('aside h2')).toHaveText('Compass Rose HUD');
  await expect(items(page).first()).toHaveText(/^\s*Install · 1.2.MB\s*I$/);
  await items(page).first().click();
  await expect(menu(page)).toHaveCount(0);
  await expect(message(page)).toContainText('Compass Rose HUD');
  await expect(row).toBeFocused();
});

for (const keys of ['ContextMenu', 'Shift+F10', 'Alt+Enter']) {
  test(`the menu opens, moves and closes by keyboard: ${keys}`, async ({ page }) => {
    await open(page, 'profile');
    const row = rows(page).filter({ hasText: 'Tidewater Lighting' });
    await row.focus();
    await page.keyboard.press(keys);
    await expect(menu(page)).toHaveCount(1);
    await expect(items(page).first()).toBeFocused();
    await expect(items(page).first()).toHaveText(/^\s*Update to 5\.1\.0\s*U$/);
    await page.keyboard.press('End');
    await expect(items(page).last()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(items(page).first()).toBeFocused();
    await page.keyboard.press('t');
    await expect(items(page).filter({ hasText: 'Turn off' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(menu(page)).toHaveCount(0);
    await expect(row).toBeFocused();
  });
}

test('what is selected is meant together, another row alone', async ({ page }) => {
  await open(page, 'profile', { tick: 40 });
  await rows(page).nth(1).focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+F10');
  await expect(items(page).last()).toContainText('Remove 2 mods');
  await page.keyboard.press('Escape');
  await rows(page).nth(5).click({ button: 'right' });
  await expect(items(page).last()).toContainText('Remove');
  await expect(items(page).last()).not.toContainText('2');
});

test('a download changes its lane and waits, from its menu', async ({ page }) => {
  await open(page, 'downloads');
  const next = page.locator('main section').filter({ hasText: 'what you asked for, in order' });
  const name = (await next.locator('[data-transfer] .name').first().innerText()).trim();
  const row = page.locator('[data-transfer]').filter({ hasText: name });
  await row.click({ button: 'right' });
  await items(page).filter({ hasText: 'Move to “Now”' }).click();
  await expect(page.locator('main section').filter({ hasText: 'full speed' })).toContainText(name);
  await row.focus();
  await page.keyboard.press('Shift+F10');
  await page.keyboard.press('Enter');
  await expect(menu(page)).toHaveCount(0);
});

test('an archive is pinned from its menu', async ({ page }) => {
  await open(page, 'seeding', { sharing: 'everybody' });
  const row = rows(page).first();
  const name = await row.getAttribute('data-key');
  await row.focus();
  await page.keyboard.press('Shift+F10');
  const first = await items(page).first().innerText();
  await page.keyboard.press('Enter');
  await page.locator(`[data-key="${name}"]`).focus();
  await page.keyboard.press('Shift+F10');
  await expect(items(page).first()).not.toHaveText(first);
});

test('without the service the reason stands in the menu and nothing is done; a click elsewhere only closes it', async ({ page }) => {
  await open(page, 'browse');
  await rows(page).first().waitFor();
  await page.evaluate(() => (window as unknown as { musterMock: { setStopped(stopped: boolean): void } }).musterMock.setStopped(true));
  await rows(page).first().click({ button: 'right' });
  await expect(items(page).first()).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await expect(menu(page)).toHaveCount(1);
  await page.mouse.click(640, 500);
  await expect(menu(page)).toHaveCount(0);
});

test('the menu stays inside of a small window', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 480 });
  await open(page, 'profile');
  const row = rows(page).nth(5);
  const box = (await row.boundingBox())!;
  await row.click({ button: 'right', position: { x: box.width - 12, y: 10 } });
  const menuBox = (await menu(page).boundingBox())!;
  expect(menuBox.x + menuBox.width).toBeLessThanOrEqual(640);
  expect(menuBox.y + menuBox.height).toBeLessThanOrEqual(480);
});

for (const [place, first, keys] of [
  ['sources', 'Refresh now', 'Space'], ['history', 'Name of this state', 'F2'], ['kept', 'Bring back', 'R'], ['saves', 'Snapshot now', 'N'], ['activity', 'Details', 'Enter'],
] as const) {
  test(`rows have their menu, with its keys: ${place}`, async ({ page }) => {
    await open(page, place);
    await rows(page).first().focus();
    await page.keyboard.press('Shift+F10');
    await expect(menu(page)).toBeVisible();
    await expect(items(page).filter({ hasText: first }).first()).toBeVisible();
    await expect(menu(page)).toContainText(keys);
    await page.keyboard.press('Escape');
    await expect(rows(page).first()).toBeFocused();
  });
}

test('a source is switched off and moved from its menu', async ({ page }) => {
  await open(page, 'sources');
  await rows(page).first().click({ button: 'right' });
  await items(page).filter({ hasText: 'Turn off' }).click();
  await expect(rows(page).filter({ hasText: 'Community' })).toContainText('Switched off');
});
