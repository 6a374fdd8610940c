import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { Served } from '../src/api/serve.ts';
import { launch } from './chromium.ts';

/** Set to a directory to look at the page. */
const pictures = process.env.NIGHTJAR_PICTURES;

export type Stage = Awaited<ReturnType<typeof openStage>>;

/**
 * The page as it is shipped, in a browser that is a phone.
 * @param serve answers it and its requests; given the directory of the page's files
 */
export async function openStage(serve: (web: string) => Promise<Served>) {
  const web = mkdtempSync(join(tmpdir(), 'nightjar-web-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'main.tsx')],
    outfile: join(web, 'app.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  for (const file of ['index.html', 'style.css'])
    copyFileSync(join(import.meta.dirname, file), join(web, file));
  const served = await serve(web);
  const browser = await launch();
  return {
    web,
    async open(): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        hasTouch: true,
      });
      const opened = await context.newPage();
      opened.on('pageerror', (error) => assert.fail(error));
      await opened.goto(`http://127.0.0.1:${served.port}/`);
      await opened.getByRole('status').filter({ hasText: 'ready' }).waitFor();
      return opened;
    },
    tab: (page: Page, name: string) => page.locator('nav').getByRole('button', { name, exact: true }).click(),
    async picture(page: Page, name: string): Promise<void> {
      if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
    /** @returns milliseconds that it took */
    async until(what: string, condition: () => boolean, limitMs = 5000): Promise<number> {
      const start = performance.now();
      while (!condition()) {
        assert.ok(performance.now() - start < limitMs, what);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return performance.now() - start;
    },
    /** Every target is as large as a cold thumb, and nothing is wider than the phone. */
    async sizes(page: Page, name: string): Promise<void> {
      const sizes = await page.locator('button:visible, summary:visible').evaluateAll((buttons) =>
        buttons.map((button) => {
          const { width, height } = button.getBoundingClientRect();
          return { name: button.textContent, width, height };
        }),
      );
      for (const size of sizes)
        assert.ok(size.width >= 48 && size.height >= 48, `${name}: ${JSON.stringify(size)}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
    },
    async close(): Promise<void> {
      await browser.close();
      await served.close();
      rmSync(web, { recursive: true });
    },
  };
}
