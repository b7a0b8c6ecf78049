// Pictures of every fixture, light and dark, at two sizes, from the CSS as it is released; and axe and an overflow
// check in a real browser. Run: node tests/screenshots.mjs [folder] [fixture…]
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const [folder = join(tmpdir(), 'ui-shots'), ...only] = process.argv.slice(2);
const outDir = join(tmpdir(), 'ui-shots-build');
await mkdir(folder, { recursive: true });
await build({ mode: 'fake', logLevel: 'error', build: { outDir, emptyOutDir: true } });
const server = await preview({
  build: { outDir },
  preview: { port: 5199, host: '127.0.0.1' },
  logLevel: 'error',
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const names = (await readFile(new URL('fixtures.txt', import.meta.url), 'utf8')).trim().split('\n');
let faults = 0;

const sizes = [
  { name: 'full', width: 1100, height: 760 },
  { name: 'small', width: 800, height: 600 },
  { name: 'tall', width: 800, height: 1500 },
  { name: 'zoom', width: 400, height: 300 },
];
for (const colorScheme of ['light', 'dark']) {
  for (const { name: size, ...viewport } of sizes) {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    for (const name of names.filter((name) => only.length === 0 || only.includes(name))) {
      await page.goto(`http://127.0.0.1:5199/?fake&fixture=${name}`);
      await page.waitForSelector('main h1');
      await page.screenshot({ path: join(folder, `${name}.${size}.${colorScheme}.png`) });
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('html, main, main *, header, footer, nav')]
          .filter(
            // A cell of the long table is cut on purpose: what is selected stands below it in full.
            (e) =>
              !e.closest('.sr, svg, input, [role=gridcell], [role=columnheader]') &&
              e.scrollWidth > e.clientWidth + 1 &&
              e.clientWidth > 1,
          )
          .filter((e) => getComputedStyle(e).display !== 'inline')
          .map((e) => `${e.tagName}.${e.className}`),
      );
      if (wide.length > 0) console.log('overflow', ++faults, name, size, wide.slice(0, 4));
      // Only the middle scrolls: whatever is focused or brought into sight, the window's frame stays.
      const moved = await page.evaluate(() => {
        for (const e of document.querySelectorAll('main *')) {
          e.scrollIntoView();
          e.focus?.();
        }
        return [...document.querySelectorAll('html, body, .app, .frame')]
          .filter((e) => e.scrollTop + e.scrollLeft > 0)
          .map((e) => `${e.tagName}.${e.className}`);
      });
      if (moved.length > 0 && viewport.height > 416) console.log('moved', ++faults, name, size, moved);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, nodes } of violations) {
        console.log(
          'axe',
          ++faults,
          name,
          size,
          colorScheme,
          id,
          nodes[0].html.slice(0, 160),
          nodes[0].failureSummary,
        );
      }
    }
    await context.close();
  }
}
await browser.close();
await server.close();
console.log(`${names.length} fixtures, ${faults} faults, pictures in ${folder}`);
process.exit(faults > 0 ? 1 : 0);
