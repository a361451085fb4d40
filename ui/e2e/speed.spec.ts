import { expect, test } from '@playwright/test';
import { open } from './world';

test('a list of 100,000 packages keeps few rows in the page', async ({ page }) => {
  await open(page, 'browse', { packages: 100_000 });
  await expect(page.getByText('100,000 of 100,000')).toBeVisible();
  await page.getByRole('grid').getByRole('row').nth(1).focus();
  const worst = await page.evaluate(async () => {
    const grid = document.querySelector<HTMLElement>('[role=grid]') as HTMLElement;
    const frames: number[] = [];
    let last = performance.now();
    for (let i = 0; i < 90; i += 1) {
      grid.scrollTop += 700;
      await new Promise(requestAnimationFrame);
      frames.push(performance.now() - last);
      last = performance.now();
    }
    return frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? 0;
  });
  console.log(`scroll, 95th percentile frame: ${worst.toFixed(1)} ms`);
  // Figures are printed, never judged: tests share their machine.
  expect(await page.locator('[role=row]').count()).toBeLessThan(40);
  await page.keyboard.press('End');
  await expect(page.locator('[role=row]:focus')).toHaveAttribute('aria-rowindex', '100001');
  await expect(page.locator('[role=row]:focus')).toContainText(/\w{4}/);
});

test('messages move nothing', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
        if (!entry.hadRecentInput) shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await open(page, 'browse');
  await page.getByRole('grid').getByRole('row', { name: /^Quieter Gulls/ }).focus();
  await page.waitForTimeout(700);
  const before = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.length);
  await page.keyboard.press('i');
  await expect(page.locator('footer [role=status]').first()).toContainText('Quieter Gulls');
  await page.waitForTimeout(300);
  const shifts = await page.evaluate((from) => (window as unknown as { shifts: number[] }).shifts.slice(from), before);
  expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.01);
});

test('switching places shows content in the next frame', async ({ page }) => {
  const fetched: string[] = [];
  page.on('requestfinished', (request) => fetched.push(request.url()));
  await open(page, 'browse');
  // The other places are fetched right behind the first rows.
  await expect.poll(() => ['Sources', 'Settings', 'later'].filter((part) => fetched.some((url) => url.includes(`/${part}-`)))).toHaveLength(3);
  await page.waitForTimeout(300);
  const { times, shown } = await page.evaluate(async () => {
    const spent: number[] = [];
    const titles: string[] = [];
    for (const path of ['/downloads', '/sources', '/settings', '/downloads', '/settings']) {
      const link = document.querySelector<HTMLElement>(`nav a[href="${path}"]`);
      const start = performance.now();
      link?.click();
      await new Promise(requestAnimationFrame);
      await new Promise((resolve) => setTimeout(resolve, 0));
      spent.push(performance.now() - start);
      titles.push(document.querySelector('main')?.textContent?.trim() ?? '');
    }
    return { times: spent, shown: titles };
  });
  console.log(`switch place: ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
  expect(shown.every((text) => text.length > 20)).toBe(true);
});
