// With the language that nobody speaks: whatever a screen says is in that language, or comes ready in the view.
import { expect, test, vi } from 'vitest';

vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-XA', 'en']);
const { fixtures } = await import('../src/backend/fixtures');
const { unmarked } = await import('../src/lib/rich');
const { language, words } = await import('../src/lib/words');
const { open } = await import('./help');

const READ = ['aria-label', 'title', 'placeholder', 'alt'];

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [unmarked(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

function said(root: Element): string[] {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const all: string[] = [];
  while (texts.nextNode()) all.push(texts.currentNode.textContent ?? '');
  const read = [...root.querySelectorAll('*')].flatMap((it) =>
    READ.map((name) => it.getAttribute(name) ?? ''),
  );
  return [...all, ...read].map((text) => text.trim()).filter((text) => /\p{L}/u.test(text));
}

test('the language is found by the name of its file', () => {
  expect(language).toBe('en-XA');
  expect(words.close).toMatch(/^⟦.*⟧$/);
  expect(words.step.number(2, 6)).toMatch(/^⟦.*2.*6.*⟧$/);
});

test.each(Object.keys(fixtures))('%s says nothing of its own', async (name) => {
  const { container } = await open(name);
  const ready = strings(fixtures[name]).join('\n');
  // A sentence with something bold in it stands in several pieces; a comma may stand after a name.
  const given = (text: string) => /[⟦⟧áčéîñöšúý]/i.test(text) || ready.includes(text.replace(/,$/, ''));
  // A method and an address stand in one line.
  const own = said(container).filter((text) => !given(text) && !text.split(/(?<=^\w+) /).every(given));
  expect(own).toEqual([]);
});
