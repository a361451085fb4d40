import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const main = (page: Page) => page.locator('main');
const sharing = (page: Page) => page.getByRole('radiogroup', { name: 'Sharing' }).getByRole('radio');

async function mock<T>(page: Page, read: (mock: { settings: { value: { sharing: string } }; sources: { address: string }[] }) => T): Promise<T> {
  return page.evaluate(`(${read.toString()})(musterMock)`);
}

test('a new player is greeted once, answers one question and is in Browse of the game', async ({ page }) => {
  await open(page, 'browse', { state: 'first', tick: 60 });
  await expect(main(page).getByRole('heading', { level: 1 })).toHaveText(/^Welcome/);
  await expect(page.getByRole('checkbox', { name: /^Saltmere/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Thunderstore · saltmere/ })).toBeChecked();
  // A game needs one source to begin with; the other is offered, not taken.
  await expect(page.getByRole('checkbox', { name: /^Modrinth · fabric/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Modrinth · quilt/ })).not.toBeChecked();
  for (const answer of await sharing(page).all()) await expect(answer).not.toBeChecked();
  await expect(main(page)).toContainText('until you do, Muster only downloads');
  await page.getByLabel('My network and my lobbies').check();
  await page.getByRole('button', { name: 'Start browsing' }).click();
  await expect(page).toHaveURL(/\/g\/saltmere\/browse/);
  expect(await mock(page, (world) => [world.settings.value.sharing, ...world.sources.map(({ address }) => address)])).toEqual(['nearby', 'thunderstore:saltmere', 'modrinth:fabric']);
  await page.goto('/');
  await page.locator('main').waitFor();
  await expect(main(page).getByRole('heading', { level: 1 })).not.toHaveText(/^Welcome/);
});

test('no answer shares nothing; what is left out is not added; by keyboard alone', async ({ page }) => {
  await open(page, 'browse', { state: 'first', tick: 60 });
  await expect(main(page).getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('checkbox', { name: /^Saltmere/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('checkbox', { name: /^Thunderstore/ })).toHaveCount(0);
  await page.getByRole('checkbox', { name: /^Iron Orchard/ }).focus();
  await page.getByRole('button', { name: 'Start browsing' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/g\/iron-orchard\/browse/);
  expect(await mock(page, (world) => [world.settings.value.sharing, ...world.sources.map(({ address }) => address)])).toEqual(['unset', 'modrinth:fabric']);
});

test('skipping does nothing and is remembered', async ({ page }) => {
  await open(page, 'browse', { state: 'first' });
  await page.getByRole('button', { name: 'Skip' }).click();
  await expect(page).toHaveURL(/browse/);
  expect(await mock(page, (world) => [world.settings.value.sharing, world.sources.length])).toEqual(['unset', 0]);
  await page.goto('/');
  await page.locator('main').waitFor();
  await expect(main(page).getByRole('heading', { level: 1 })).not.toHaveText(/^Welcome/);
});

test('who ends it in the middle is asked again, and nothing was done', async ({ page }) => {
  await open(page, 'browse', { state: 'first' });
  await page.getByLabel('With everybody').check();
  await page.goto('/');
  await expect(main(page).getByRole('heading', { level: 1 })).toHaveText(/^Welcome/);
  for (const answer of await sharing(page).all()) await expect(answer).not.toBeChecked();
});

test('a source that cannot be added is named in place, the others are there, and the way out stays', async ({ page }) => {
  await open(page, 'browse', { state: 'first', tick: 60 });
  await page.getByRole('checkbox', { name: /^Modrinth · quilt/ }).check();
  await page.getByRole('button', { name: 'Start browsing' }).click();
  await expect(main(page)).toContainText('You have no source modrinth:quilt');
  await expect(main(page).getByRole('listitem').filter({ hasText: 'is there already' })).toHaveCount(2);
  await page.getByRole('checkbox', { name: /^Modrinth · quilt/ }).uncheck();
  await page.getByRole('button', { name: 'Start browsing' }).click();
  await expect(page).toHaveURL(/\/g\/saltmere\/browse/);
});

test('what somebody sent can be pasted right away', async ({ page }) => {
  await open(page, 'browse', { state: 'first' });
  await page.getByLabel('Paste a link').fill('just words');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('no muster:// link');
  await page.getByLabel('Paste a link').fill('muster://package/community/atelier-nord/compass-rose-hud');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Compass Rose HUD');
});
