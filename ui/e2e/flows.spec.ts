import { expect, test, type Page } from '@playwright/test';
import { open, places, type PlaceName } from './world';

const row = (page: Page, title: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`^${title}`) });
const message = (page: Page) => page.locator('footer [role=status]').first();

test('search, install and see it in the profile, by mouse', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await page.getByRole('searchbox', { name: /Search mods/ }).fill('quieter');
  await row(page, 'Quieter Gulls').getByRole('button', { name: 'Install' }).click();
  await expect(message(page)).toContainText('Quieter Gulls');
  await expect(row(page, 'Quieter Gulls').getByText('On', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: /^Profile/ }).click();
  await page.getByRole('searchbox', { name: 'Filter this profile' }).fill('gulls');
  await expect(row(page, 'Quieter Gulls')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Quieter Gulls')).toHaveCount(0);
});

test('search, install and see it in the profile, by keyboard alone', async ({ page }) => {
  await open(page, 'downloads', { tick: 60 });
  await expect(page.getByRole('heading', { level: 1, name: 'Downloads' })).toBeFocused();
  await page.keyboard.press('/');
  await page.keyboard.type('wind core');
  await expect(row(page, 'Wind Core')).toBeVisible();
  await expect(page.getByText('1 of 1,204')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row(page, 'Wind Core')).toBeFocused();
  await page.keyboard.press('i');
  await expect(row(page, 'Wind Core').getByText('On', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Wind Core' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row(page, 'Wind Core')).toBeFocused();
  await page.keyboard.press('Control+4');
  await expect(page.getByRole('heading', { level: 1, name: 'Friday crew' })).toBeFocused();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('wind core');
  await page.keyboard.press('Enter');
  const entry = row(page, 'Wind Core');
  await expect(entry).toBeFocused();
  await page.keyboard.press('Space');
  await expect(entry.getByRole('checkbox')).not.toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(entry.getByRole('checkbox')).toBeChecked();
});

test('going back restores the place in a long list', async ({ page }) => {
  await open(page, 'browse', { packages: 20_000 });
  const grid = page.getByRole('grid');
  await grid.getByRole('row').nth(1).focus();
  for (let i = 0; i < 30; i += 1) await page.keyboard.press('PageDown');
  const focused = page.locator('[role=row]:focus');
  const index = await focused.getAttribute('data-index');
  expect(Number(index)).toBeGreaterThan(250);
  await expect(focused).not.toHaveClass(/waiting/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page.locator('[role=row]:focus')).toHaveAttribute('data-index', index ?? '');
});

test('a link opens a dialog, the safe answer has the focus, one button installs', async ({ page }) => {
  await open(page, 'browse', { tick: 60, link: 'muster://package/community/newdev77/quieter-gulls' });
  const dialog = page.getByRole('dialog', { name: 'Install Quieter Gulls into Friday crew?' });
  await expect(dialog).toContainText('newdev77');
  await expect(dialog).toContainText('12 kB');
  await expect(dialog.getByRole('button', { name: 'Not now' })).toBeFocused();
  await page.clock.setFixedTime(new Date('2026-11-20T19:31:00Z'));
  await page.waitForTimeout(600);
  await dialog.getByRole('button', { name: 'Install · 12 kB' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(message(page)).toContainText('Quieter Gulls');
});

test('keys within the first half second of a link agree to nothing', async ({ page }) => {
  await open(page, 'browse');
  // Pressed by the page itself, the moment it is there: how long a driver takes is up to the machine.
  await page.evaluate(() => new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      const button = [...document.querySelectorAll<HTMLButtonElement>('dialog button')].find(({ disabled, textContent }) => !disabled && textContent.trim().startsWith('Install'));
      if (button === undefined) return;
      observer.disconnect();
      button.click();
      resolve();
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    (window as unknown as { musterMock: { openLink(link: string): void } }).musterMock.openLink('muster://package/community/newdev77/quieter-gulls');
  }));
  await page.waitForTimeout(300);
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('refused and unknown links say so and change nothing', async ({ page }) => {
  await open(page, 'browse', { link: 'muster://package/unknown/a/b' });
  await expect(page.getByRole('dialog')).toContainText('not one of yours');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the service stops and comes back; what was shown stays', async ({ page }) => {
  await open(page, 'browse');
  await expect(row(page, 'Compass Rose HUD')).toBeVisible();
  await page.evaluate(() => {
    (window as unknown as { musterMock: { setStopped(stopped: boolean): void } }).musterMock.setStopped(true);
  });
  await expect(page.getByRole('button', { name: 'Start service' })).toBeVisible();
  await expect(row(page, 'Compass Rose HUD')).toBeVisible();
  await expect(row(page, 'Compass Rose HUD').getByRole('button', { name: 'Install' })).toBeDisabled();
  await page.getByRole('button', { name: 'Start service' }).click();
  await expect(row(page, 'Compass Rose HUD').getByRole('button', { name: 'Install' })).toBeEnabled();
});

test('filters are one state with the text and can be removed one by one', async ({ page }) => {
  await open(page, 'browse');
  const field = page.getByRole('searchbox', { name: /Search mods/ });
  await field.fill('compass tag:hud');
  await expect(page.getByRole('button', { name: 'Remove the filter hud' })).toHaveCount(0);
  await field.press('Enter');
  await expect(page.getByRole('button', { name: 'Remove the filter hud' })).toBeVisible();
  await expect(page).toHaveURL(/q=tag%3Ahud\+compass/);
  await page.getByRole('button', { name: 'Remove the filter hud' }).click();
  await page.getByRole('button', { name: 'Kind', exact: true }).click();
  await page.getByRole('button', { name: /^Mod, / }).click();
  await expect(page.getByRole('button', { name: 'Remove the filter Mod' })).toBeVisible();
});

test('language and theme change at once', async ({ page }) => {
  await open(page, 'settings');
  await page.getByLabel('Language').selectOption('de');
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
  await page.getByLabel('Farben').selectOption('dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a source is added only after its key was shown', async ({ page }) => {
  await open(page, 'sources');
  await page.getByRole('button', { name: 'Add a source…' }).click();
  await page.getByLabel('Address or folder').fill('https://mods.example');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('dialog')).toContainText('willow-brass-tide-candle');
  await page.getByLabel('Short name').fill('Tide');
  await page.getByRole('button', { name: 'Trust and add' }).click();
  await expect(page.getByRole('grid').getByRole('row', { name: /Tide/ })).toBeVisible();
});

test('a download moves to another lane and pauses by keyboard', async ({ page }) => {
  await open(page, 'downloads');
  const night = page.locator('[data-transfer]', { hasText: 'Night Market' });
  await night.focus();
  await page.keyboard.press('1');
  await expect(message(page)).toContainText('starts now');
  await page.keyboard.press('Space');
  await expect(night).toContainText('Paused by you');
});

for (const [width, lang] of [[640, ''], [640, 'de'], [1280, 'en-XA'], [640, 'en-XA']] as const) {
  test(`nothing is wider than a window of ${width}${lang === '' ? '' : `, in ${lang}`}`, async ({ page }) => {
    test.setTimeout(90_000);
    await page.setViewportSize({ width, height: 700 });
    for (const place of Object.keys(places) as PlaceName[]) {
      await open(page, place, { lang });
      await page.waitForTimeout(250);
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('main, main *')]
          .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
          .filter((element) => ['auto', 'scroll', 'visible'].includes(getComputedStyle(element).overflowX) && getComputedStyle(element).display !== 'inline')
          .map((element) => `${element.tagName}.${element.className}`),
      );
      expect(wide, place).toEqual([]);
    }
  });
}

test('the focus is never lost when the control that had it vanishes', async ({ page }) => {
  await open(page, 'browse');
  await page.getByRole('searchbox', { name: /Search mods/ }).fill('tag:hud ');
  const chip = page.getByRole('button', { name: 'Remove the filter hud' });
  await chip.focus();
  await page.keyboard.press('Enter');
  await expect(chip).toHaveCount(0);
  await page.waitForTimeout(200);
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
});

test('F6 goes round the regions and comes back to the row', async ({ page }) => {
  await open(page, 'browse');
  await row(page, 'Compass Rose HUD').focus();
  const seen: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    await page.keyboard.press('F6');
    seen.push(await page.evaluate(() => document.activeElement?.closest('[data-region]')?.tagName ?? ''));
  }
  expect(seen).toEqual(['ASIDE', 'FOOTER', 'HEADER', 'NAV', 'MAIN']);
  await expect(row(page, 'Compass Rose HUD')).toBeFocused();
});
