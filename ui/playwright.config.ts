import { defineConfig } from '@playwright/test';

/** Another port where checks of several copies run beside each other. */
const port = process.env.MUSTER_E2E_PORT ?? '4319';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 30_000,
  workers: 2,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    },
  },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --outDir dist-test`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: true,
  },
});
