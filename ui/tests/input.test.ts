// A typed value and what is said about it: not while half of it stands there, at once when it is mended.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { problem } from '../src/backend/fixtures/parts';
import type { Block, Problem, View } from '../src/backend/types';
import { alone, open } from './help';

const WRONG = problem('An address begins with **https://**.', { code: 'wrong_input' });
const OTHER = problem('There is a space in it.', { code: 'wrong_input' });

const address = (value: string, wrong: Problem | null = null, warning: Problem | null = null): View => {
  const texts = { label: 'Address', placeholder: '', note: null };
  const block: Block = { kind: 'input', id: 'address', ...texts, value, problem: wrong, warning };
  return alone(block);
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What is seen beside the field, not what is read aloud. */
const remark = () => document.querySelector('[data-block=address] .problem');
const field = () => screen.getByLabelText('Address');
const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

/** Types letters; the core answers after the pause with `answer`. */
async function typed(page: Awaited<ReturnType<typeof open>>, value: string, answer: View) {
  field().focus();
  page.shell.act.mockResolvedValueOnce({ ...answer, revision: page.session.view!.revision + 1 });
  await fireEvent.input(field(), { target: { value } });
  await settle(500);
}

test('the first letters are no mistake; after a rest they are', async () => {
  const page = await open(address(''));
  await typed(page, 'ht', address('ht', WRONG));
  expect(page.sent()).toHaveLength(1);
  expect(remark()).toBeNull();
  expect(field()).not.toHaveAttribute('aria-invalid');
  expect(page.live()).toBe('');
  await settle(800);
  expect(remark()).toHaveTextContent('begins with');
  expect(field()).toHaveAttribute('aria-invalid', 'true');
  expect(field()).toHaveAccessibleDescription(/begins with https/);
  expect(page.live()).toBe('An address begins with https://.');
});

test('leaving the field is a rest, and what is said is about its last letters', async () => {
  const page = await open(address(''));
  await typed(page, 'ht', address('ht', WRONG));
  page.shell.act.mockResolvedValueOnce({ ...address('h t', OTHER), revision: 9 });
  await fireEvent.input(field(), { target: { value: 'h t' } });
  await fireEvent.blur(field());
  await settle();
  expect(remark()).toHaveTextContent('a space in it');
  expect(page.live()).toBe('There is a space in it.');
});

test('what is said already follows the typing and goes when it is mended', async () => {
  const page = await open(address('ht', WRONG));
  expect(remark()).toHaveTextContent('begins with');
  expect(page.live()).toBe('');
  await typed(page, 'https://a b', address('https://a b', OTHER));
  expect(remark()).toHaveTextContent('a space in it');
  await typed(page, 'https://ab', address('https://ab'));
  expect(remark()).toBeNull();
  expect(field()).not.toHaveAttribute('aria-invalid');
});

test('a warning is calm and does not call the field invalid; a problem wins over it', async () => {
  const page = await open(address('https://ab', null, problem('Usher does not know this host.')));
  expect(remark()).toHaveClass('warn');
  expect(field()).not.toHaveAttribute('aria-invalid');
  expect(field()).toHaveAccessibleDescription(/does not know this host/);
  page.push(address('https://ab', WRONG, problem('Usher does not know this host.')));
  await settle();
  expect(remark()).toHaveClass('bad');
  expect(remark()).not.toHaveTextContent('does not know this host');
});
