// Every fixture in a real browser, as somebody may have it who needs it otherwise: a small window, one that is magnified,
// texts that are longer, more space between letters, colours of the system, no motion. Nothing may be lost.
// Run: node tests/layout.mjs [fixture…]
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const only = process.argv.slice(2);
const outDir = join(tmpdir(), `usher-layout-${process.pid}`);
await build({ mode: 'fake', logLevel: 'error', build: { outDir, emptyOutDir: true } });
const server = await preview({
  build: { outDir },
  preview: { port: 0, host: '127.0.0.1' },
  logLevel: 'error',
});
const address = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const names = (await readFile(new URL('fixtures.txt', import.meta.url), 'utf8')).trim().split('\n');
const chosen = names.filter((name) => only.length === 0 || only.includes(name));

const SMALL = { width: 800, height: 600 };
/** A window of the usual size at 200 %. */
const ZOOMED = { width: 550, height: 380 };
/** WCAG 1.4.12. */
const SPACED =
  '*{line-height:1.5!important;letter-spacing:0.12em!important;word-spacing:0.16em!important}p{margin-block-end:2em!important}';
const WAYS = [
  { name: 'small', viewport: SMALL, checks: [fits, keys] },
  { name: 'small, dark', viewport: SMALL, colorScheme: 'dark', checks: [accessible] },
  { name: 'zoomed', viewport: ZOOMED, checks: [fits, keys, accessible] },
  { name: 'small, longer texts', viewport: SMALL, locale: 'en-XA', checks: [fits, translated] },
  { name: 'zoomed, longer texts', viewport: ZOOMED, locale: 'en-XA', checks: [fits] },
  { name: 'small, more space', viewport: SMALL, style: SPACED, checks: [fits] },
  { name: 'forced colours', viewport: SMALL, forcedColors: 'active', checks: [framed] },
  { name: 'no motion', viewport: SMALL, reducedMotion: 'reduce', checks: [still] },
];

let faults = 0;
for (const { name: way, checks, style, ...as } of WAYS) {
  const context = await browser.newContext({ locale: 'en-GB', ...as });
  const page = await context.newPage();
  for (const name of chosen) {
    await page.goto(`${address}?fake&fixture=${name}`);
    await page.waitForSelector('main h1');
    if (style) await page.addStyleTag({ content: style });
    for (const check of checks) {
      for (const fault of await check(page)) console.log(`${++faults}. ${name}, ${way}: ${fault}`);
    }
  }
  await context.close();
}
await browser.close();
await server.close();
console.log(`${chosen.length} fixtures in ${WAYS.length} ways, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);

/** Nothing is wider than its place, cut off, covered, or out of reach. */
function fits(page) {
  return page.evaluate(() => {
    const found = [];
    const tell = (it) =>
      `${it.tagName.toLowerCase()}.${it.className} "${it.textContent.trim().slice(0, 50)}"`;
    const shown = (it) => it.checkVisibility() && !it.closest('.sr, svg');
    const all = [...document.querySelectorAll('body *')].filter(shown);
    // A row of a grid is one line; the selected one is told in full beside it.
    const inRow = (it) => it.closest('[role=grid] [role=row]') && document.querySelector('[data-detail]');
    if (document.scrollingElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    for (const it of all) {
      if (getComputedStyle(it).display === 'inline' || it.matches('input, textarea, progress')) continue;
      if (inRow(it)) continue;
      if (it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 1) found.push(`too wide: ${tell(it)}`);
      const cut =
        ['hidden', 'clip'].includes(getComputedStyle(it).overflowY) && !it.matches('.app, html, body');
      if (cut && it.scrollHeight > it.clientHeight + 1) found.push(`cut off: ${tell(it)}`);
    }
    /** Whether the boxes that scroll around it show it as it is now. */
    const inSight = (node, box) => {
      for (let it = node.parentElement; it; it = it.parentElement) {
        if (getComputedStyle(it).overflowY === 'visible') continue;
        const place = it.getBoundingClientRect();
        if (box.bottom > place.bottom + 1 || box.top < place.top - 1) return false;
      }
      return true;
    };
    // Two texts in one place, before anything is scrolled: the head of a table stays then.
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !shown(node.parentElement) || inRow(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (inSight(node, box)) texts.push({ node, box });
      }
    }
    for (const [index, one] of texts.entries()) {
      for (const other of texts.slice(index + 1)) {
        if (one.node === other.node) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Lines of text may touch.
        if (wide > 3 && high > one.box.height * 0.4) {
          found.push(
            `one over the other: "${one.node.data.slice(0, 40)}" and "${other.node.data.slice(0, 40)}"`,
          );
        }
      }
    }
    for (const it of all.filter((it) => it.matches('button:enabled, input, textarea, [tabindex="0"]'))) {
      it.scrollIntoView({ block: it.clientHeight < innerHeight / 2 ? 'center' : 'start' });
      const box = it.getBoundingClientRect();
      if (box.left < 0 || box.right > innerWidth + 1) found.push(`out of reach sideways: ${tell(it)}`);
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
      const own = at && (it.contains(at) || at.contains(it) || it.closest('label')?.contains(at));
      if (!own) found.push(`covered or out of reach: ${tell(it)}${at ? ` by ${tell(at)}` : ''}`);
    }
    return found;
  });
}

/** The Tab key goes to every control, each is in sight then, and it is seen which one it is. */
async function keys(page) {
  const found = [];
  const count = await page.evaluate(
    () =>
      [...document.querySelectorAll('button:enabled, input, textarea')].filter((it) => it.checkVisibility())
        .length,
  );
  for (let presses = 0; presses <= count + 3; presses++) {
    await page.keyboard.press('Tab');
    const fault = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return null;
      const tell = `${it.tagName.toLowerCase()} "${(it.getAttribute('aria-label') ?? it.textContent).trim().slice(0, 50)}"`;
      const ringed = [it, it.closest('label')].some((at) => {
        const look = at && getComputedStyle(at);
        return look && look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
      });
      if (!ringed) return `the focus is not seen on ${tell}`;
      // Of what is taller than its place, some lines are enough.
      if (it.clientHeight > innerHeight / 2) return null;
      const box = it.getBoundingClientRect();
      const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
      const at = document.elementFromPoint(...middle);
      const seen = at && (it.contains(at) || at.contains(it) || it.closest('label')?.contains(at));
      return seen ? null : `the focus is out of sight on ${tell}`;
    });
    if (fault) found.push(fault);
  }
  return [...new Set(found)];
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0].html.slice(0, 160)}`);
}

/** The other language is in use. */
async function translated(page) {
  const [language, main] = await page.evaluate(() => [
    document.documentElement.lang,
    document.body.innerText,
  ]);
  return language === 'en-XA' && main.includes('⟦') ? [] : [`the page speaks ${language}`];
}

/** Where the system chooses the colours, a control is told by its frame or its underline, a state not by what is behind it. */
function framed(page) {
  return page.evaluate(() => {
    const found = [];
    const bordered = (it) => {
      const look = getComputedStyle(it);
      return parseFloat(look.borderTopWidth) > 0 && look.borderTopStyle !== 'none';
    };
    const lined = (it) => getComputedStyle(it).textDecorationLine.includes('underline');
    const native = (it) =>
      it.matches('input[type=checkbox], input[type=radio]') && getComputedStyle(it).appearance !== 'none';
    for (const it of document.querySelectorAll('button, input, textarea')) {
      if (!it.checkVisibility() || it.closest('.sr')) continue;
      if (!bordered(it) && !lined(it) && !native(it)) found.push(`no frame: ${it.outerHTML.slice(0, 120)}`);
    }
    for (const it of document.querySelectorAll('.chosen, [aria-current]')) {
      const other = [
        ...it.parentElement.parentElement.querySelectorAll('label, .still, [data-go], [data-class]'),
      ].find((at) => !at.matches('.chosen, [aria-current]'));
      if (!other) continue;
      const look = (at) => {
        const {
          borderTopWidth,
          borderInlineStartWidth,
          outlineStyle,
          fontWeight,
          boxShadow,
          textDecorationLine,
        } = getComputedStyle(at);
        const checked = at.querySelector('input')?.checked ?? false;
        return [
          borderTopWidth,
          borderInlineStartWidth,
          outlineStyle,
          fontWeight,
          boxShadow,
          textDecorationLine,
          checked,
        ].join();
      };
      const inner = (at) => [at, ...at.querySelectorAll('.title, .name')].map(look).join(' ');
      if (inner(it) === inner(other)) found.push(`looks like the others: ${it.outerHTML.slice(0, 120)}`);
    }
    return found;
  });
}

function still(page) {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter((it) => it.playState === 'running')
      .map((it) => `moves: ${it.effect.target.outerHTML.slice(0, 100)}`),
  );
}
