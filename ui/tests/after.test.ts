// What comes after the set-up: the list of connections, a rotation, reminders and history.
import { fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import { problem } from '../src/backend/fixtures/parts';
import type { Action, SetupCard, View } from '../src/backend/types';
import type { ScreenOf } from '../src/lib/kinds';
import { open } from './help';

const home = fixtures.home!.screen as ScreenOf<'home'>;
const finish = fixtures.finish!.screen as ScreenOf<'finish'>;
const cards = (setups: SetupCard[]): View => ({ ...fixtures.home!, screen: { ...home, setups } });
const card = (id: string) => home.setups.find((setup) => setup.id === id)!;
const changed = (id: string, more: Partial<SetupCard>) =>
  cards(home.setups.map((setup) => (setup.id === id ? { ...setup, ...more } : setup)));
const of = (id: string, hook: string) => `[data-setup=${id}] [data-do=${hook}]`;
const primaries = (root: Element) =>
  [...root.querySelectorAll('button.primary')].map((button) => button.getAttribute('data-do'));
const faults = async (root: Element) => {
  const { violations } = await axe.run(root, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
};

const clicks: [string, string, Action][] = [
  ['home', '[data-do=check-all]', { type: 'check-all' }],
  ['home-checking', '[data-do=stop-check-all]', { type: 'stop-check-all' }],
  ['home', of('aws-entra', 'rotate'), { type: 'rotate', setup: 'aws-entra' }],
  ['finish', '[data-do=rotate]', { type: 'rotate', setup: 'greenlake-entra' }],
  ['finish', '[data-do=reminders]', { type: 'save-reminders' }],
];
test.each(clicks)('%s: %s', async (name, selector, action) => {
  const { find, sent } = await open(name);
  await fireEvent.click(find(selector));
  await vi.waitFor(() => expect(sent()).toEqual([action]));
});

// The list of connections ----------------------------------------------------------------------------------------

test('a card says how it stands in one line', async () => {
  const { find } = await open('home');
  const facts = within(find('[data-setup=aws-entra]')).getByRole('list', { name: 'How it stands' });
  const line = [...facts.querySelectorAll('li')].map((item) => item.textContent?.trim());
  expect(line).toEqual(['12 days left', 'in use for 353 days', 'accepted today, 09:12']);
  expect(find(of('greenlake-entra', 'end'))).toBeNull();
});

test('what needs an eye has a sign, not only a colour', async () => {
  const { find } = await open('home');
  expect(find('[data-setup=aws-entra] .warn svg')).toBeInTheDocument();
  expect(find('[data-setup=greenlake-okta] .bad svg')).toBeInTheDocument();
});

test('the problem of the last check stands in the card; its step is gone to through the setup', async () => {
  const { find, sent } = await open('home');
  expect(find('[data-setup=greenlake-okta] .problem')).toHaveTextContent(
    'refused the token that ends in 77aa',
  );
  await fireEvent.click(screen.getByRole('button', { name: 'Go to: Role assignment' }));
  await vi.waitFor(() =>
    expect(sent()).toEqual([
      { type: 'open-setup', setup: 'greenlake-okta' },
      { type: 'go-to', phase: 'role' },
    ]),
  );
});

test('a setup that cannot be opened is not gone on with', async () => {
  const { sent, shell } = await open('home');
  shell.act.mockRejectedValueOnce(problem('The keyring is locked.'));
  await fireEvent.click(screen.getByRole('button', { name: 'Go to: Role assignment' }));
  await vi.waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('The keyring is locked.'));
  expect(sent()).toHaveLength(1);
});

test('Rotate is the primary button of a first card that is urgent, and of no other', async () => {
  const { container, push } = await open('home');
  const first = async (setup: SetupCard, expected: string) => {
    push(cards([setup, card('aws-entra')]));
    await vi.waitFor(() => expect(primaries(container)).toEqual([expected]));
  };
  expect(primaries(container)).toEqual(['rotate']);
  await first(card('greenlake-entra'), 'open');
  await first(card('aws-okta-practice'), 'rotate');
  await first({ ...card('aws-entra'), id: 'other', rotate: null }, 'open');
});

test('while it checks: words, a bar, the card; and the focus is not lost', async () => {
  const { find, push, container } = await open('home');
  find('[data-do=check-all]').focus();
  push(fixtures['home-checking']!);
  await vi.waitFor(() => expect(find('[data-do=stop-check-all]')).toBeVisible());
  const bar = screen.getByRole('progressbar', { name: 'Checking 3 of 5' });
  expect(bar).toHaveAttribute('max', '5');
  expect(container.querySelectorAll('[data-checking]')).toHaveLength(1);
  expect(find('[data-setup=azion-entra]')).toHaveTextContent('being checked');
  await vi.waitFor(() => expect(find('[aria-label="Check all now"]')).toHaveFocus());
  push(fixtures['home-checked']!);
  await vi.waitFor(() => expect(find('[data-result]')).toHaveTextContent('4 of 5 services'));
  expect(find('[data-result] .bad svg')).toBeInTheDocument();
});

test('without anything to check there is no such row', async () => {
  const { find } = await open('home-started');
  expect(find('[data-do=check-all]')).toBeNull();
  expect(find(of('azion-okta', 'rotate'))).toBeNull();
});

// The day it ends ------------------------------------------------------------------------------------------------

const field = () => screen.getByLabelText(/The day on which the token ends/);
const enter = async (page: Awaited<ReturnType<typeof open>>, id = 'azion-entra') => {
  await fireEvent.click(page.find(of(id, 'end')));
  await vi.waitFor(() => expect(field()).toHaveFocus());
};

test('the field is folded out with the focus; Escape and Cancel fold it in again', async () => {
  const page = await open('home');
  const opener = page.find(of('azion-entra', 'end'));
  expect(opener).toHaveTextContent('Enter the day it ends');
  expect(page.find(of('aws-entra', 'end'))).toHaveTextContent('Change the day');
  await enter(page);
  expect(opener).toHaveAttribute('aria-expanded', 'true');
  expect(field()).toHaveAttribute('data-end');
  expect(field()).toHaveAccessibleDescription(/chosen when the token was made/);
  expect(primaries(page.container)).toHaveLength(1);
  expect(await faults(page.container)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(opener).toHaveFocus());
  expect(page.find('[data-end]')).toBeNull();
  await enter(page);
  await fireEvent.click(page.find('[data-do=end-cancel]'));
  await vi.waitFor(() => expect(opener).toHaveFocus());
  expect(page.sent()).toEqual([]);
});

test('a day is saved on Enter too, and the field folds in', async () => {
  const page = await open('home');
  await enter(page);
  await fireEvent.input(field(), { target: { value: '2027-08-01' } });
  page.shell.act.mockResolvedValueOnce({
    ...changed('azion-entra', {
      end: { ...card('azion-entra').end!, value: '2027-08-01', known: true, offer: null },
    }),
    revision: 5,
  });
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(page.find('[data-end]')).toBeNull());
  expect(page.sent()).toEqual([{ type: 'set-end', setup: 'azion-entra', day: '2027-08-01' }]);
  expect(page.find(of('azion-entra', 'end'))).toHaveTextContent('Change the day');
  expect(page.find(of('azion-entra', 'end'))).toHaveFocus();
});

test('a second Enter before the answer neither sends nor folds in', async () => {
  const page = await open('home');
  await enter(page);
  let answer: (view: View) => void = () => {};
  page.shell.act.mockImplementation(() => new Promise<View>((resolve) => (answer = resolve)));
  await fireEvent.input(field(), { target: { value: '2027-08-01' } });
  await userEvent.keyboard('{Enter}{Enter}');
  expect(page.sent()).toHaveLength(1);
  expect(field()).toBeVisible();
  answer(fixtures.home!);
  await vi.waitFor(() => expect(page.find('[data-end]')).toBeNull());
});

test('the offered day is taken with one click', async () => {
  const page = await open('home');
  await enter(page);
  const offer = screen.getByRole('button', { name: 'Use this day' });
  expect(offer).toHaveAccessibleDescription('One year after it was entered here: 22 July 2027');
  await fireEvent.click(page.find('[data-do=end-offer]'));
  await vi.waitFor(() =>
    expect(page.sent()).toEqual([{ type: 'set-end', setup: 'azion-entra', day: '2027-07-22' }]),
  );
});

test('a known day can be taken back; none where none was is not sent', async () => {
  const page = await open('home');
  await enter(page);
  await fireEvent.click(page.find('[data-do=end-save]'));
  await vi.waitFor(() => expect(field()).toHaveAccessibleDescription(/Enter the day first\./));
  expect(field()).toHaveAttribute('aria-invalid', 'true');
  expect(page.live()).toContain('Enter the day first.');
  expect(page.sent()).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await enter(page, 'aws-entra');
  expect(field()).toHaveValue('2026-12-04');
  await fireEvent.input(field(), { target: { value: '' } });
  await fireEvent.click(page.find('[data-do=end-save]'));
  await vi.waitFor(() => expect(page.sent()).toEqual([{ type: 'set-end', setup: 'aws-entra', day: '' }]));
});

test('a day that cannot be it is said at the field, until it is changed', async () => {
  const page = await open('home');
  await enter(page);
  await fireEvent.input(field(), { target: { value: '2025-07-22' } });
  const wrong = problem('22 July 2025 has passed.', { code: 'wrong_input' });
  page.shell.act.mockResolvedValueOnce({
    ...changed('azion-entra', { end: { ...card('azion-entra').end!, value: '2025-07-22', problem: wrong } }),
    revision: 5,
  });
  await fireEvent.click(page.find('[data-do=end-save]'));
  await vi.waitFor(() => expect(field()).toHaveAccessibleDescription(/22 July 2025 has passed\./));
  expect(field()).toHaveFocus();
  expect(field()).toHaveAttribute('aria-invalid', 'true');
  expect(await faults(page.container)).toEqual([]);
  await fireEvent.input(field(), { target: { value: '2027-07-22' } });
  expect(field()).not.toHaveAttribute('aria-invalid');
  expect(page.find('[data-setup=azion-entra] .problem')).toBeNull();
});

test('one thing of a card is folded out at a time', async () => {
  const page = await open('home');
  await enter(page, 'aws-entra');
  await fireEvent.click(page.find(of('aws-entra', 'remove')));
  await vi.waitFor(() => expect(page.find('[data-do=remove-no]')).toHaveFocus());
  expect(page.find('[data-end]')).toBeNull();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(page.find(of('aws-entra', 'remove'))).toHaveFocus());
  expect(page.find('[data-do=remove-yes]')).toBeNull();
});

// A rotation -----------------------------------------------------------------------------------------------------

test('a rotation says that it is one, and counts its own steps', async () => {
  const { find } = await open('rotation');
  expect(find('header')).toHaveTextContent('Token rotation');
  expect(find('[data-rotation]')).toHaveTextContent('Replaces the token ending in 3f9c');
  expect(find('main')).toHaveTextContent('Step 2 of 5');
  expect(screen.getByRole('navigation', { name: 'Steps of the rotation' })).toBeVisible();
});

test('a set-up says nothing of a rotation', async () => {
  const { find } = await open('role');
  expect(find('[data-rotation]')).toBeNull();
  expect(find('header')).not.toHaveTextContent('Token rotation');
  expect(find('main')).toHaveTextContent('Step 1 of 6');
});

test('a hint counts by the steps shown; what is none of them is not gone to', async () => {
  const { find, sent } = await open('rotation');
  expect(find('[data-block=create]')).toHaveTextContent('attributes of your own user');
  expect(find('[data-block=create]').querySelectorAll('[data-do=go]')).toHaveLength(1);
  await fireEvent.click(screen.getByRole('button', { name: 'Go to step 1: Personal access token' }));
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'go-to', phase: 'access-token' }]));
});

test('stopping a rotation asks in place', async () => {
  const { find, sent, container } = await open('rotation');
  await fireEvent.click(find('[data-do=cancel-rotation]'));
  const question = screen.getByRole('group', { name: 'Stop the rotation?' });
  expect(question).toHaveAccessibleDescription(/The old one stays in use/);
  await vi.waitFor(() => expect(find('[data-do=cancel-rotation-no]')).toHaveFocus());
  expect(find('[data-do=cancel-rotation-no]')).toHaveTextContent('Go on');
  expect(find('[data-do=cancel-rotation-yes]')).toHaveClass('bad');
  expect(await faults(container)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(find('[data-do=cancel-rotation]')).toHaveFocus());
  await fireEvent.click(find('[data-do=cancel-rotation]'));
  await fireEvent.click(find('[data-do=cancel-rotation-no]'));
  await vi.waitFor(() => expect(find('[data-do=cancel-rotation]')).toHaveFocus());
  expect(sent()).toEqual([]);
  await fireEvent.click(find('[data-do=cancel-rotation]'));
  await fireEvent.click(find('[data-do=cancel-rotation-yes]'));
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'cancel-rotation' }]));
});

test('from the rotation to the same step of the set-up the focus moves', async () => {
  const { push, find } = await open('rotation');
  find('[data-do=cancel-rotation]').focus();
  push(fixtures['proxy-waiting']!);
  await vi.waitFor(() => expect(find('h1')).toHaveTextContent('Create the SCIM proxy token'));
  await vi.waitFor(() => expect(find('h1')).toHaveFocus());
});

// The end of a set-up --------------------------------------------------------------------------------------------

test.each([
  ['finish', 'runbook'],
  ['finish-reminders', 'reminders'],
  ['finish-saved', 'home'],
  ['finish-plain', 'runbook'],
])('%s: the next thing to do is %s', async (name, expected) => {
  const { container } = await open(name);
  expect(primaries(container)).toEqual([expected]);
});

test('the reminders say where they are, and whether for the token in use', async () => {
  const { find, push } = await open('finish');
  expect(find('[data-saved]')).toBeNull();
  push(fixtures['finish-saved']!);
  await vi.waitFor(() =>
    expect(find('[data-saved]')).toHaveTextContent(/^The reminders are saved: Documents.*\.ics$/),
  );
  push(fixtures['finish-reminders']!);
  await vi.waitFor(() => expect(find('[data-saved]')).toHaveTextContent('Saved for an older token:'));
});

test('of a long history the newest eight are shown, the others on a click', async () => {
  const { find, container } = await open('finish');
  const lines = () => [...container.querySelectorAll('[data-history] li')];
  expect(lines()).toHaveLength(8);
  expect(lines()[0]).toHaveTextContent('today, 09:12 Checked: the SCIM endpoint accepts the token.');
  await fireEvent.click(screen.getByRole('button', { name: 'Show all (11)' }));
  expect(lines()).toHaveLength(11);
  expect(find('[data-do=history-all]')).toHaveAttribute('aria-expanded', 'true');
  await fireEvent.click(find('[data-do=history-all]'));
  expect(lines()).toHaveLength(8);
});

test('a short history has nothing to unfold; none has no heading', async () => {
  const { find, push } = await open({
    ...fixtures.finish!,
    screen: { ...finish, history: finish.history.slice(0, 8) },
  });
  expect(find('[data-do=history-all]')).toBeNull();
  push(fixtures['finish-plain']!);
  await vi.waitFor(() => expect(find('[data-history]')).toBeNull());
  expect(screen.queryByRole('heading', { name: 'History' })).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Reminders' })).toBeNull();
});
