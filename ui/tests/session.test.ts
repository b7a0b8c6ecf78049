// The way back: order, focus, the live region, the countdown, and nothing lost or sent twice.
import { fireEvent, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import { ahead, pair, problem, rail, step, view } from '../src/backend/fixtures/parts';
import type { View } from '../src/backend/types';
import { rich } from '../src/lib/rich';
import { open } from './help';

afterEach(() => vi.useRealTimers());

const heading = (text: string) => screen.findByRole('heading', { level: 1, name: text });

test('an older view that arrives late is dropped', async () => {
  const { seen, push } = await open('role');
  push({ ...fixtures.mappings!, revision: 9 });
  await heading('Trim the attribute mappings');
  seen({ ...fixtures.role!, revision: 8 });
  await heading('Trim the attribute mappings');
});

test('focus moves to the heading when the place changes, and only then', async () => {
  const { push, find } = await open('token-empty');
  find('[data-do=paste]').focus();
  push(fixtures['token-wrong']!);
  await vi.waitFor(() => expect(screen.getByText(/not a token/)).toBeVisible());
  expect(find('[data-do=paste]')).toHaveFocus();
  push(fixtures.mappings!);
  await vi.waitFor(async () => expect(await heading('Trim the attribute mappings')).toHaveFocus());
});

test('there is one polite live region; an announcement is heard once', async () => {
  const { push, live, container } = await open('role');
  expect(container.querySelectorAll('[aria-live]')).toHaveLength(1);
  const announced: View = { ...fixtures.role!, announcement: { serial: 4, text: 'The check passed.' } };
  push(announced);
  push(announced);
  await vi.waitFor(() => expect(live().match(/The check passed\./g)).toHaveLength(1));
});

test('Continue is sent once, however often it is pressed', async () => {
  const { find, shell } = await open('token-filled');
  let answer: (view: View) => void = () => {};
  shell.act.mockImplementation(() => new Promise<View>((resolve) => (answer = resolve)));
  await fireEvent.click(find('[data-do=continue]'));
  await fireEvent.click(find('[data-do=continue]'));
  await vi.waitFor(() => expect(find('[data-do=continue]')).toHaveAttribute('aria-busy', 'true'));
  expect(shell.act).toHaveBeenCalledTimes(1);
  answer(fixtures['token-filled']!);
  await vi.waitFor(() => expect(find('[data-do=continue]')).not.toHaveAttribute('aria-busy'));
});

test('typing is sent before Continue and before Back', async () => {
  const { find, sent } = await open(
    view(
      step('provisioning', 'S', [
        {
          kind: 'input',
          id: 'who',
          label: 'Who?',
          value: '',
          placeholder: '',
          note: null,
          problem: null,
          warning: null,
        },
      ]),
    ),
  );
  await userEvent.type(screen.getByLabelText('Who?'), 'ada');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await vi.waitFor(() =>
    expect(sent()).toEqual([{ type: 'type', block: 'who', value: 'ada' }, { type: 'continue' }]),
  );
  await userEvent.type(screen.getByLabelText('Who?'), '!');
  await fireEvent.click(find('[data-do=back]'));
  await vi.waitFor(() =>
    expect(sent().slice(2)).toEqual([{ type: 'type', block: 'who', value: 'ada!' }, { type: 'back' }]),
  );
});

test('typing is sent after a pause, once', async () => {
  const block = {
    kind: 'input',
    id: 'who',
    label: 'Who?',
    value: '',
    placeholder: '',
    note: null,
    problem: null,
    warning: null,
  } as const;
  const { sent } = await open(view(step('provisioning', 'S', [block])));
  await userEvent.type(screen.getByLabelText('Who?'), 'grace');
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'type', block: 'who', value: 'grace' }]), {
    timeout: 1500,
  });
  expect(screen.getByLabelText('Who?')).toHaveValue('grace');
});

test('Alt+Left is Back; Ctrl+Enter with something missing is nothing', async () => {
  const { sent } = await open('proxy-waiting');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'back' }]));
});

test('a refused command is shown and stays until it is closed', async () => {
  const { find, shell } = await open('token-filled');
  shell.act.mockRejectedValueOnce(problem('Your progress could not be saved.'));
  await fireEvent.click(find('[data-do=back]'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Your progress could not be saved.');
  await fireEvent.click(find('[data-do=close]'));
  await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('the countdown is seen each second and heard at thresholds', async () => {
  vi.useFakeTimers();
  const items = rail('scim-token', { 'access-token': { endsAt: ahead(122) } });
  const { find, live } = await open(view(step('scim-token', 'S', [], { ...pair, rail: items })));
  expect(find('[data-countdown]')).toHaveTextContent('2:02 left');
  await vi.advanceTimersByTimeAsync(1000);
  expect(live()).toBe('');
  await vi.advanceTimersByTimeAsync(2000);
  expect(find('[data-countdown]')).toHaveTextContent('1:59 left');
  expect(find('[data-countdown]')).toHaveClass('soon');
  expect(live()).toBe('Personal access token: 2 minutes left.');
  await vi.advanceTimersByTimeAsync(120_000);
  expect(find('[data-countdown]')).toHaveTextContent('token has ended');
  expect(live()).toContain('Personal access token: the token has ended.');
});

test('one button on a screen is the primary one', async () => {
  for (const name of Object.keys(fixtures)) {
    const { container, unmount } = await open(name);
    expect(container.querySelectorAll('button.primary').length, name).toBe(1);
    unmount();
  }
});

test('a connection is removed after a question in place', async () => {
  const { find, sent } = await open('home');
  await fireEvent.click(find('[data-setup=aws-entra] [data-do=remove]'));
  await vi.waitFor(() => expect(find('[data-do=remove-no]')).toHaveFocus());
  await fireEvent.click(find('[data-do=remove-no]'));
  expect(sent()).toEqual([]);
  await fireEvent.click(find('[data-setup=aws-entra] [data-do=remove]'));
  await fireEvent.click(find('[data-do=remove-yes]'));
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'remove-setup', setup: 'aws-entra' }]));
});

test('bold and code are marked, nothing else becomes markup', () => {
  expect(rich('Press **Save** in `a*b`, <b>not</b> **')).toEqual([
    { style: 'plain', text: 'Press ' },
    { style: 'strong', text: 'Save' },
    { style: 'plain', text: ' in ' },
    { style: 'code', text: 'a*b' },
    { style: 'plain', text: ', <b>not</b> **' },
  ]);
});
