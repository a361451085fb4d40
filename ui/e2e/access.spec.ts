import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, places, type PlaceName } from './world';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeRun {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

// The window's policy forbids injected scripts; only for these checks it is set aside.
test.use({ bypassCSP: true });

async function violations(page: import('@playwright/test').Page): Promise<string[]> {
  await page.waitForTimeout(300);
  await page.evaluate(axeSource);
  const run = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeRun> } }).axe.run());
  return run.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}

for (const theme of ['light', 'dark']) {
  for (const place of Object.keys(places) as PlaceName[]) {
    test(`axe finds nothing: ${place} ${theme}`, async ({ page }) => {
      await open(page, place, { theme });
      expect(await violations(page)).toEqual([]);
    });
  }
  for (const state of ['empty', 'error', 'stopped', 'loading', 'fresh', 'many']) {
    test(`axe finds nothing: ${state} ${theme}`, async ({ page }) => {
      test.setTimeout(120_000);
      for (const place of ['browse', 'profile', 'downloads', 'profiles', 'files', 'kept', 'saves', 'history', 'vanilla', 'sources', 'seeding', 'activity'] as const) {
        await open(page, place, { theme, state });
        expect(await violations(page), place).toEqual([]);
      }
    });
  }
  test(`axe finds nothing: versions of a file, another winner, what is selected ${theme}`, async ({ page }) => {
    const rows = page.getByRole('grid').getByRole('row');
    await open(page, 'files', { theme });
    await rows.filter({ hasText: 'prices.conf' }).focus();
    await page.keyboard.press('Enter');
    expect(await violations(page), 'versions').toEqual([]);
    await open(page, 'conflicts', { theme });
    await rows.nth(2).focus();
    for (const key of ['Enter', 'Tab', 'Enter']) await page.keyboard.press(key);
    expect(await violations(page), 'winner').toEqual([]);
    await open(page, 'profile', { theme, state: 'partial' });
    await page.getByText('Mods ask for an order that cannot be').click();
    await rows.nth(2).focus();
    await page.keyboard.press('Control+a');
    expect(await violations(page), 'selected').toEqual([]);
  });
  test(`axe finds nothing: what goes for good is asked about ${theme}`, async ({ page }) => {
    test.setTimeout(120_000);
    for (const place of ['kept', 'saves'] as const) {
      await open(page, place, { theme });
      await page.getByRole('grid').getByRole('row').nth(1).focus();
      await page.keyboard.press('Delete');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), place).toEqual([]);
    }
    await open(page, 'seeding', { theme, sharing: 'everybody' });
    await page.getByRole('button', { name: 'Make room…' }).click();
    expect(await violations(page), 'room').toEqual([]);
    await open(page, 'activity', { theme });
    await page.getByRole('button', { name: 'Copy diagnostics…' }).click();
    expect(await violations(page), 'report').toEqual([]);
    await open(page, 'profiles', { theme });
    await page.getByRole('button', { name: 'Share this profile…' }).click();
    await page.getByText('See all of it').click();
    expect(await violations(page), 'shared').toEqual([]);
    await open(page, 'saves', { theme });
    await page.getByRole('button', { name: 'How much is kept…' }).click();
    expect(await violations(page), 'rules').toEqual([]);
  });
  test(`axe finds nothing: the first screen, and what somebody sent ${theme}`, async ({ page }) => {
    test.slow();
    await open(page, 'browse', { theme, state: 'first' });
    await page.getByRole('radio').first().check();
    expect(await violations(page), 'first').toEqual([]);
    await open(page, 'library', { theme, state: 'none' });
    await page.getByRole('button', { name: 'Add a game of your own…' }).first().click();
    expect(await violations(page), 'library').toEqual([]);
    for (const name of ['harbour-nights.json', 'stranger.json', 'lanterns.zip', 'harbour.mrpack']) {
      await open(page, 'profiles', { theme });
      await page.evaluate((dropped) => (window as unknown as { musterMock: { dropFile(name: string): Promise<void> } }).musterMock.dropFile(dropped), name);
      await page.getByRole('dialog').getByRole('button', { name: /^(Make|Install|Fetch)/ }).waitFor();
      expect(await violations(page), name).toEqual([]);
    }
  });
  test(`axe finds nothing: menus of rows ${theme}`, async ({ page }) => {
    // Fourteen places.
    test.slow();
    for (const place of ['browse', 'profile', 'downloads', 'seeding', 'library', 'profiles', 'sources', 'history', 'kept', 'saves', 'activity', 'lists', 'collection', 'publisher'] as const) {
      await open(page, place, { theme });
      await page.locator('[role=grid] [role=row][data-index], [data-transfer]').first().click({ button: 'right' });
      await page.getByRole('menu').waitFor();
      expect(await violations(page), place).toEqual([]);
    }
  });
  test(`axe finds nothing: palette ${theme}`, async ({ page }) => {
    await open(page, 'browse', { theme });
    await page.keyboard.press('Control+k');
    expect(await violations(page), 'empty').toEqual([]);
    await page.keyboard.type('sa');
    expect(await violations(page), 'words').toEqual([]);
    await open(page, 'browse', { theme, state: 'stopped' });
    await page.keyboard.press('Control+k');
    expect(await violations(page), 'stopped').toEqual([]);
  });
  test(`axe finds nothing: a lobby that was joined, and an invitation ${theme}`, async ({ page }) => {
    await open(page, 'lobby', { theme, state: 'lobby' });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await violations(page), 'joined').toEqual([]);
    await open(page, 'lobby', { theme });
    await page.getByRole('textbox', { name: 'Link' }).fill('muster://join/1/ab/1?peer=192.0.2.7:6881');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /Join/ }).waitFor();
    expect(await violations(page), 'invitation').toEqual([]);
  });
  test(`axe finds nothing: link dialog ${theme}`, async ({ page }) => {
    await open(page, 'browse', { theme, link: 'muster://package/community/newdev77/quieter-gulls' });
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });
}
