import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const row = (page: Page, name: string) => page.getByRole('grid').getByRole('row', { name: new RegExp(`, ${name},`) });
const order = async (page: Page) => (await rows(page).evaluateAll((all) => all.slice(1).map((one) => one.getAttribute('aria-label')?.split(', ')[1])));
const message = (page: Page) => page.locator('footer [role=status]').first();
const undo = (page: Page) => page.locator('footer').getByRole('button', { name: 'Undo' });
const inspector = (page: Page) => page.locator('aside');

test('the order of sources is changed by keyboard and taken back', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  await expect.poll(() => order(page)).toEqual(['Community', 'Studio', 'My folder']);
  await row(page, 'My folder').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => order(page)).toEqual(['Community', 'My folder', 'Studio']);
  await expect(row(page, 'My folder')).toBeFocused();
  await expect(message(page)).toContainText('My folder is at place 2 now');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => order(page)).toEqual(['My folder', 'Community', 'Studio']);
  await page.keyboard.press('Control+z');
  await expect.poll(() => order(page)).toEqual(['Community', 'My folder', 'Studio']);
});

test('a source is dragged to another place', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  const from = await row(page, 'Community').boundingBox();
  const to = await row(page, 'My folder').boundingBox();
  if (from === null || to === null) throw new Error('no rows');
  await page.mouse.move(from.x + 200, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + 200, to.y + to.height - 4, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => order(page)).toEqual(['Studio', 'My folder', 'Community']);
});

test('a source is switched off and on, by keyboard and by mouse', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  await row(page, 'Studio').focus();
  await page.keyboard.press('Space');
  await expect(row(page, 'Studio')).toHaveAccessibleName(/Switched off/);
  await expect(message(page)).toContainText('Studio is turned off');
  await expect(inspector(page)).toContainText('neither asked nor shown');
  await undo(page).click();
  await expect(row(page, 'Studio')).not.toHaveAccessibleName(/Switched off/);
  await page.getByRole('checkbox', { name: 'My folder is on' }).uncheck();
  await expect(row(page, 'My folder')).toHaveAccessibleName(/Switched off/);
});

test('a removed source comes back with the undo', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  await row(page, 'Studio').focus();
  await page.keyboard.press('Delete');
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press('Control+z');
  await expect(row(page, 'Studio')).toBeVisible();
});

test('a failing source says what is wrong, what is safe and what to do', async ({ page }) => {
  await open(page, 'sources');
  await row(page, 'Studio').click();
  await expect(inspector(page)).toContainText('What it said last is used and dated');
  await expect(inspector(page).getByRole('group', { name: 'Problem' }).getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('offline mode is one switch, said where it is felt', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  await page.getByRole('checkbox', { name: 'Offline' }).check();
  await expect(page.locator('main')).toContainText('Nobody is asked and nothing is given');
  await expect(page.getByRole('button', { name: 'Refresh all' })).toBeDisabled();
  await expect(page.locator('footer')).toContainText('Offline mode: nobody is asked');
  await undo(page).click();
  await expect(page.getByRole('checkbox', { name: 'Offline' })).not.toBeChecked();
});

test('a key is given to the service of a source, never shown, and forgotten', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  await page.getByRole('button', { name: 'Add a source…' }).click();
  await page.getByLabel('Address or folder').fill('github:saltmere+ada/glow');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await row(page, 'github').click();
  await expect(inspector(page)).toContainText('Key for api.github.com');
  await expect(inspector(page)).toContainText('There is none.');
  const field = inspector(page).getByLabel('Your key (token)');
  await expect(field).toHaveAttribute('type', 'password');
  await field.fill('ghp_not_a_real_one');
  await page.keyboard.press('Enter');
  await expect(inspector(page)).toContainText('Kept in the keyring of this computer.');
  await expect(inspector(page).getByLabel('Another key (token)')).toHaveValue('');
  await expect(message(page)).toContainText('The key for api.github.com is kept');
  expect(await page.content()).not.toContain('ghp_not_a_real_one');
  await inspector(page).getByRole('button', { name: 'Forget the key' }).click();
  await expect(inspector(page)).toContainText('There is none.');
  await row(page, 'Studio').click();
  await expect(inspector(page)).not.toContainText('Key for');
});

test('sources for the games that are here are offered with their hosts, added by one click, and not again once turned down', async ({ page }) => {
  await open(page, 'sources', { tick: 60 });
  const offers = page.getByRole('region', { name: 'For the games that you have' });
  await expect(offers.getByRole('listitem')).toHaveCount(3);
  await expect(offers).toContainText('Nobody has been asked yet.');
  await expect(offers.getByRole('listitem').first()).toContainText('Saltmere · asks thunderstore.io');
  await offers.getByRole('button', { name: 'Add Modrinth · fabric' }).click();
  await expect(row(page, 'modrinth')).toBeVisible();
  await expect(offers.getByRole('button', { name: 'Add Modrinth · fabric' })).toHaveCount(0);
  await offers.getByRole('button', { name: 'No, thanks: do not offer Modrinth · quilt again' }).click();
  await expect(offers.getByRole('button', { name: 'No, thanks: do not offer Modrinth · quilt again' })).toHaveCount(0);
  await expect(message(page)).toContainText('Modrinth · quilt is not offered any more');
  await offers.getByText('1 that you turned down or removed').click();
  await expect(offers.getByRole('button', { name: 'Add Modrinth · quilt' })).toBeVisible();
  await undo(page).click();
  await expect(offers.getByRole('button', { name: 'No, thanks: do not offer Modrinth · quilt again' })).toBeVisible();
});

test('a game that was found since is told of once, with the way to its sources, and takes no focus', async ({ page }) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('told') === null) localStorage.setItem('muster-found-games', '[]');
    sessionStorage.setItem('told', 'yes');
  });
  await open(page, 'browse');
  const slot = page.locator('footer');
  await expect(slot).toContainText('Found ');
  await expect(slot).toContainText('There are mods for it at:');
  await expect(page.locator('main h1')).toBeFocused();
  await slot.getByRole('button', { name: 'See the sources' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'For the games that you have' })).toBeFocused();
  await open(page, 'activity');
  await expect(slot).not.toContainText('Found ');
  await page.getByRole('grid').getByRole('row', { name: /Found .*There are mods for it at/ }).first().click();
  await page.locator('aside').getByRole('button', { name: /[Ss]ources/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sources' })).toBeVisible();
});

test('a large repository shows how far it is while it is read, then what it is', async ({ page }) => {
  // Each step lasts longer than the pause between two looks.
  await open(page, 'sources', { tick: 1500 });
  await page.getByRole('button', { name: 'Add a source' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address or folder').fill('git+https://forge.example/mods.git');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('This can take some minutes');
  await expect(dialog).toContainText('Receiving 4,100 of 5,310 objects · 61');
  await expect(dialog.getByRole('progressbar')).toHaveAttribute('value', '4100');
  await expect(dialog).toContainText('willow-brass-tide-candle', { timeout: 15_000 });
  await expect(dialog.getByRole('progressbar')).toHaveCount(0);
});

test('reading a repository is stopped, and the address can be corrected', async ({ page }) => {
  await open(page, 'sources');
  await page.getByRole('button', { name: 'Add a source' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address or folder').fill('git+https://forge.example/mods.git');
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await expect(dialog).toContainText('Asking the repository what there is');
  await dialog.getByRole('button', { name: 'Stop reading' }).click();
  await expect(dialog.getByRole('progressbar')).toHaveCount(0);
  await expect(dialog.getByLabel('Address')).toHaveValue('git+https://forge.example/mods.git');
  await expect(dialog.getByLabel('Address')).toBeEditable();
});
