import { expect, test, type Page } from '@playwright/test';
import { open } from './world';

const link = 'muster://join/1/' + 'ab'.repeat(32) + '/2417?peer=192.0.2.7:6881&peer=[2001:db8::7]:6881';
const invite = (text: string) => (globalThis as unknown as { musterMock: { openLink: (link: string) => void } }).musterMock.openLink(text);

test('an invitation names whom it would ask, and asks nobody by itself', async ({ page }) => {
  await open(page, 'browse');
  await page.evaluate(invite, link);
  const dialog = page.getByRole('dialog', { name: 'An invitation to a lobby' });
  await expect(dialog).toContainText('these 2 players are asked');
  await expect(dialog).toContainText('[2001:db8::7]:6881');
  await expect(dialog.getByRole('button', { name: 'Not now' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a lobby is joined by mouse: whom to ask, what it plays with, and the way back', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await page.evaluate(invite, link);
  // Clicks of the first half second do not count, from when it is there.
  await expect(page.getByRole('dialog', { name: 'An invitation to a lobby' })).toBeVisible();
  await page.waitForTimeout(550);
  await page.getByRole('dialog').getByRole('button', { name: 'Show what it plays with' }).click();
  const dialog = page.getByRole('dialog', { name: 'Join Friday night?' });
  await expect(dialog).toContainText('Main is back after the game');
  await dialog.getByRole('textbox', { name: 'Your name there' }).fill('Kit');
  await dialog.getByRole('button', { name: 'Join with these mods' }).click();
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toBeVisible();
  await expect(page.locator('nav').getByRole('link', { name: /Lobby/ })).toContainText('1');
  const players = page.getByRole('list', { name: 'Who is here' }).getByRole('listitem');
  await expect(players.nth(1)).toContainText('Kit (you)');
  await expect(players.nth(2)).toContainText('needs 10');
  await page.getByRole('button', { name: 'Leave, bring my mods back' }).click();
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toHaveCount(0);
});

test('a pasted link is looked at by keyboard alone, and what is none is said', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await page.keyboard.press('Control+0');
  const field = page.getByRole('textbox', { name: 'Link' });
  await field.focus();
  await page.keyboard.type('https://example.org');
  await expect(page.locator('main')).toContainText('This is no link to a lobby');
  await field.fill(link);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Join Friday night?' })).toBeVisible();
  await page.waitForTimeout(550);
  await page.getByRole('button', { name: 'Join with these mods' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toBeVisible();
});

test('a lobby is opened, its link shown, and closed', async ({ page }) => {
  await open(page, 'lobby', { tick: 60 });
  await page.getByRole('textbox', { name: 'Name' }).fill('Harbour run');
  await page.getByRole('button', { name: 'Open the lobby' }).click();
  await expect(page.getByRole('heading', { name: 'Harbour run is open' })).toBeVisible();
  await expect(page.locator('main')).toContainText('muster://join/1/');
  await page.getByRole('button', { name: 'Close the lobby' }).click();
  await expect(page.getByRole('heading', { name: 'Open a lobby' })).toBeVisible();
});

test('a lobby that needs a source of somebody is not joined', async ({ page }) => {
  await open(page, 'lobby', { state: 'partial', tick: 60 });
  await page.getByRole('textbox', { name: 'Link' }).fill(link);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('It needs a source that you do not have');
  await expect(dialog.getByRole('button', { name: 'Join with these mods' })).toHaveCount(0);
});

test('host and guest see who is here, how far they are, and until when others can join', async ({ page }) => {
  await open(page, 'lobby', { state: 'lobby' });
  for (const name of ['You are in Friday night', 'Main is open']) {
    const part = page.getByRole('region', { name });
    await expect(part).toContainText('2 of 4 ready');
    const players = part.getByRole('listitem');
    await expect(players).toHaveCount(6);
    await expect(players.nth(0)).toContainText('Ada');
    await expect(players.nth(0)).toContainText('ready');
    await expect(players.nth(2)).toContainText('79');
    await expect(players.nth(3)).toContainText('Player 4');
    await expect(players.nth(4)).toContainText('not heard from');
    await expect(players.nth(5)).toContainText('left');
    await expect(part).toContainText('Others can join until');
  }
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the ticket' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
});

const full = 'muster://join/1/t.KLUv_SQA9q';

test('a link with the ticket in it asks nobody; optional ones are left out one by one, by keyboard', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await page.evaluate(invite, full);
  const dialog = page.getByRole('dialog', { name: 'Join Friday night?' });
  const boxes = dialog.getByRole('group', { name: 'You may leave out' }).getByRole('checkbox');
  await expect(boxes).toHaveCount(2);
  await expect(boxes.nth(0)).toBeChecked();
  await expect(boxes.nth(1)).not.toBeChecked();
  await expect(dialog).toContainText('not verified');
  await expect(dialog).toContainText('play.example');
  const items = dialog.getByRole('listitem');
  const before = await items.count();
  await boxes.nth(0).focus();
  await page.keyboard.press('Space');
  await expect(boxes.nth(0)).not.toBeChecked();
  await expect(items).toHaveCount(before - 1);
  await expect(dialog.getByRole('checkbox', { name: 'Do not ask again' })).not.toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a host who is allowed is not asked about, and that can be taken back in the settings', async ({ page }) => {
  await open(page, 'browse', { state: 'known', tick: 60 });
  await page.evaluate(invite, full);
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open(page, 'settings', { state: 'lobby', tick: 60 });
  await page.getByRole('button', { name: 'Ask again about amber-field-stone-oar' }).click();
  await expect(page.getByText('Every lobby is asked about')).toBeVisible();
});

test('where something has to be decided an allowed host is asked about all the same', async ({ page }) => {
  await open(page, 'lobby', { state: 'lobby', tick: 60 });
  await page.getByRole('button', { name: 'Leave, bring my mods back' }).click();
  await page.evaluate(invite, full);
  await expect(page.getByRole('dialog', { name: 'Join Friday night?' })).toBeVisible();
  await page.waitForTimeout(600);
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toHaveCount(0);
});

test('the host says what may be left out, where to go back to, and that it wants to be known', async ({ page }) => {
  await open(page, 'lobby', { tick: 60 });
  await page.getByText('More…', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Page to go back to' }).fill('steam://run/1');
  await expect(page.getByRole('button', { name: 'Open the lobby' })).toBeDisabled();
  await expect(page.locator('main')).toContainText('Only a page of the web');
  await page.getByRole('textbox', { name: 'Page to go back to' }).fill('https://play.example/match/7');
  await page.getByRole('group', { name: 'Guests may leave out' }).getByRole('checkbox').first().check();
  await page.getByRole('checkbox', { name: 'Let guests know me again' }).check();
  await page.getByRole('button', { name: 'Open the lobby' }).click();
  await expect(page.getByRole('heading', { name: 'Main is open' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy a link with the ticket' })).toBeVisible();
});

const drop = (page: Page, name: string) => page.evaluate((dropped) => (window as unknown as { musterMock: { dropFile(name: string): Promise<void> } }).musterMock.dropFile(dropped), name);

test('a ticket that is let go over the window is an invitation, and joined by mouse', async ({ page }) => {
  await open(page, 'browse', { tick: 60 });
  await drop(page, '/home/ada/downloads/friday-ticket.json');
  const dialog = page.getByRole('dialog', { name: 'Join Friday night?' });
  await expect(dialog.getByRole('button', { name: 'Not now' })).toBeFocused();
  await expect(dialog).toContainText('Main is back after the game');
  await page.waitForTimeout(550);
  await dialog.getByRole('button', { name: 'Join with these mods' }).click();
  await expect(page.getByRole('heading', { name: 'You are in Friday night' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a ticket is chosen in the dialog of the desktop, by keyboard alone; one that is too large is refused', async ({ page }) => {
  await open(page, 'lobby', { tick: 60 });
  await page.evaluate(() => void ((window as unknown as { musterMock: { incoming: { next: string } } }).musterMock.incoming.next = '/home/ada/downloads/crew-ticket.json'));
  await page.getByRole('button', { name: 'Open a ticket…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Join Friday night?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await drop(page, '/home/ada/downloads/huge.json');
  await expect(page.getByRole('dialog')).toContainText('is larger than any');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
