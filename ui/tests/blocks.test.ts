// Each block kind in each state: what is drawn, and what a click sends.
import { fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { check, problem, seen } from '../src/backend/fixtures/parts';
import type { Block, View } from '../src/backend/types';
import { alone, open } from './help';

const press = async (element: Element) => {
  await fireEvent.click(element);
  await vi.waitFor(() => {});
};

test('a text shows its number, its variants and their source', async () => {
  const { find, shell } = await open('role');
  const text = find('[data-block=scope]');
  expect(text).toHaveTextContent('3');
  expect(within(text).getByText('SCIM Proxy Token Contributor').tagName).toBe('STRONG');
  await press(within(text).getByText('An older guide says otherwise'));
  await press(within(text).getByRole('button', { name: /HPE Developer, first version/ }));
  expect(shell.openLink).toHaveBeenCalledWith('source/hpe-blog-old');
});

test('a link says where it leads and is opened by its id', async () => {
  const { find, shell } = await open('role');
  expect(find('[data-block=open-greenlake]')).toHaveTextContent('opens common.cloud.hpe.com in your browser');
  await press(screen.getByRole('button', { name: 'Open HPE GreenLake' }));
  expect(shell.openLink).toHaveBeenCalledWith('open-greenlake');
});

test('a copy button says what it copied and for how long', async () => {
  const { shell, live } = await open('credentials');
  shell.copy.mockResolvedValueOnce({ what: 'Secret Token', clearsIn: 60 });
  await press(screen.getByRole('button', { name: 'Copy Secret Token' }));
  expect(shell.copy).toHaveBeenCalledWith('secret-token');
  expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  expect(live()).toContain('Secret Token copied. It leaves the clipboard in 60 seconds.');
  expect(screen.getByText('On the clipboard for 60 more seconds.')).toBeVisible();
});

test('a secret is pasted by the shell', async () => {
  const { find, shell } = await open('token-empty');
  await press(find('[data-do=paste]'));
  expect(shell.paste).toHaveBeenCalledWith('access-token');
  expect(find('[data-do=paste]')).toHaveClass('primary');
});

test('a typed secret is sent on Enter and leaves the field', async () => {
  const { sent, find } = await open('token-empty');
  const field = screen.getByLabelText('Type Personal access token');
  expect(field).toHaveAttribute('type', 'password');
  await userEvent.type(field, 'abc{Enter}');
  await vi.waitFor(() =>
    expect(sent()).toEqual([{ type: 'fill-secret', block: 'access-token', secret: 'abc' }]),
  );
  await vi.waitFor(() => expect(find('input')).toHaveValue(''));
});

test('the token of another step is offered, and taken with one click', async () => {
  const { find, sent } = await open('azion-one');
  await userEvent.type(screen.getByLabelText('Type SCIM token'), 'half');
  const offer = screen.getByRole('button', { name: 'Use the personal token' });
  expect(offer).not.toHaveClass('primary');
  await press(offer);
  await vi.waitFor(() => expect(sent()).toContainEqual({ type: 'use-secret', block: 'scim-token' }));
  expect(find('[data-block=scim-token] input')).toHaveValue('');
});

test('without another token nothing is offered', async () => {
  const { find } = await open('token-empty');
  expect(find('[data-do=use-secret]')).toBeNull();
});

test('console words in a remark are marked, not spelt with stars', async () => {
  for (const name of ['azion-one', 'aws-endpoint', 'okta-provisioning']) {
    const { container, unmount } = await open(name);
    expect(container.textContent, name).not.toMatch(/\*\*|`/);
    unmount();
  }
});

test('what a secret cannot be is named', async () => {
  const { find } = await open('token-wrong');
  expect(find('[data-block=access-token]')).toHaveTextContent('This is the address of a page, not a token.');
});

test('a filled secret shows four letters, and its value for twenty seconds', async () => {
  vi.useFakeTimers();
  const { find, shell, sent } = await open('token-filled');
  const block = find('[data-block=access-token]');
  expect(block).toHaveTextContent('Qx7A');
  await press(find('[data-do=reveal]'));
  await vi.advanceTimersByTimeAsync(10);
  expect(shell.reveal).toHaveBeenCalledWith('access-token');
  expect(block).toHaveTextContent('value-of-access-token');
  await vi.advanceTimersByTimeAsync(20_100);
  expect(block).not.toHaveTextContent('value-of-access-token');
  await press(find('[data-do=reveal]'));
  await vi.advanceTimersByTimeAsync(10);
  await fireEvent.blur(window);
  await vi.advanceTimersByTimeAsync(10);
  expect(block).not.toHaveTextContent('value-of-access-token');
  await press(find('[data-do=clear]'));
  await vi.advanceTimersByTimeAsync(10);
  expect(sent()).toEqual([{ type: 'clear-secret', block: 'access-token' }]);
  vi.useRealTimers();
});

test('a secret that was not saved says so and can be saved again', async () => {
  const { find, sent } = await open('proxy-done');
  expect(find('[data-block=scim-token]')).toHaveTextContent('This token is not saved.');
  await press(find('[data-do=save]'));
  expect(sent()).toEqual([{ type: 'save-secret', block: 'scim-token' }]);
});

test('a choice is sent and its problem shown', async () => {
  const { sent, find } = await open('credentials-refused');
  expect(find('[data-block=said]')).toHaveTextContent('Entra says this also for a typing mistake');
  await press(screen.getByLabelText(/authorized to enable/));
  expect(sent()).toEqual([{ type: 'choose', block: 'said', option: 'ok' }]);
  await vi.waitFor(() => expect(screen.getByLabelText(/invalid credentials/)).toBeChecked());
});

test('a confirmation ticks with an empty row; a refused tick does not stay', async () => {
  const { sent, shell, find } = await open('role');
  shell.act.mockRejectedValueOnce(problem('The disk is full.'));
  await press(screen.getByLabelText(/The role is assigned/));
  expect(sent()).toEqual([{ type: 'tick', block: 'assigned', row: '', done: true }]);
  await vi.waitFor(() => expect(screen.getByLabelText(/The role is assigned/)).not.toBeChecked());
  expect(within(find('[data-block=assigned]')).getByRole('alert')).toHaveTextContent('The disk is full.');
});

test('a mapping row is ticked, its names are copied by id', async () => {
  const { sent, find, shell } = await open('mappings');
  await press(find('[data-row=u3]'));
  expect(sent()).toEqual([{ type: 'tick', block: 'mapping', row: 'u3', done: true }]);
  await press(screen.getByRole('button', { name: 'Copy surname' }));
  expect(shell.copy).toHaveBeenCalledWith('mapping/u6/source');
  expect(screen.getByLabelText('Update is off there')).not.toBeChecked();
  expect(find('[data-block=mapping]')).toHaveTextContent('4 of 15 done');
});

test('a side without rows and actions has no heading; the longest action keeps its words', async () => {
  const { find } = await open('okta-mappings');
  const block = find('[data-block=mapping]');
  expect(within(block).getByRole('heading', { name: 'Users' })).toBeVisible();
  expect(within(block).queryByRole('heading', { name: 'Groups' })).toBeNull();
  expect(block.querySelectorAll('table')).toHaveLength(1);
  expect(within(block).getByLabelText('Update User Attributes is off there')).toBeVisible();
  expect(block).toHaveTextContent('Apply on: Create and update');
});

test('actions without rows have no empty table', async () => {
  const table = { title: 'Groups', targetHeading: 'T', sourceHeading: 'S', rows: [] };
  const actions = [{ id: 'a', name: 'Create', wanted: true, done: false }];
  const { find } = await open(
    alone({ kind: 'mapping', id: 'mapping', tables: [{ ...table, actions }], done: 0, total: 1 }),
  );
  expect(screen.getByLabelText('Create is on there')).toBeVisible();
  expect(find('table')).toBeNull();
});

test('a mapping with nothing in it is no bar without an end', async () => {
  const { find } = await open(alone({ kind: 'mapping', id: 'mapping', tables: [], done: 0, total: 0 }));
  expect(find('progress')).toBeNull();
});

test.each(['proxy-waiting', 'proxy-running', 'proxy-failed', 'proxy-done'])(
  'a check is marked with its state: %s',
  async (name) => {
    const { container } = await open(name);
    const states = [...container.querySelectorAll('.check[data-state]')].map((e) =>
      e.getAttribute('data-state'),
    );
    expect(states).toContain({ 'proxy-done': 'passed' }[name] ?? name.replace('proxy-', ''));
  },
);

test('a waiting check is run, a running one cancelled', async () => {
  const { find, sent, push } = await open('proxy-waiting');
  await press(find('[data-do=run]'));
  const running: Block = check('create', 'L', 'B', {
    kind: 'running',
    doing: 'Asking',
    since: new Date(Date.now() - 5000).toISOString(),
    cancellable: true,
    stages: [],
  });
  push(alone(running) as View);
  await press(await screen.findByRole('button', { name: 'Cancel' }));
  expect(screen.getByText('5 s')).toBeVisible();
  expect(sent()).toEqual([
    { type: 'run', block: 'create' },
    { type: 'cancel', block: 'create' },
  ]);
});

test('a failed check leads to the step that mends it, and its details are copied', async () => {
  const { sent, shell, find } = await open('proxy-failed');
  await press(screen.getByRole('button', { name: 'Go to step 1: Role assignment' }));
  expect(sent()).toEqual([{ type: 'go-to', phase: 'role' }]);
  await press(find('[data-do=copy-details]'));
  expect(shell.copy).toHaveBeenCalledWith('details/accepts');
  await press(find('[data-do=open-guide]'));
  expect(shell.openLink).toHaveBeenCalledWith('docs/greenlake');
});

test('a candidate is picked', async () => {
  const { sent } = await open('proxy-candidates');
  await press(screen.getByRole('button', { name: 'This one: data.token' }));
  expect(sent()).toEqual([{ type: 'pick', block: 'create', candidate: 'c1' }]);
});

test('what is worth knowing is in sight, and looks like neither good nor bad', async () => {
  const { find } = await open('proxy-done');
  const block = find('[data-block=accepts]');
  const inSight = [...block.querySelectorAll('[data-tone]')].filter((line) => !line.closest('.fold'));
  expect(inSight.map((line) => line.getAttribute('data-tone'))).toEqual(['warn']);
  expect(inSight[0]).toHaveTextContent('The server ignores “count”');
  expect(inSight[0]!.textContent).not.toMatch(/as it should be/i);
  const all = [...block.querySelectorAll('.fold [data-tone]')].map((line) => line.getAttribute('data-tone'));
  expect(all).toEqual(['good', 'good', 'good', 'good', 'warn']);
});

test('a line worth knowing says so, whatever its name', async () => {
  const findings = [seen('ServiceProviderConfig', '404', true, true), seen('Users', '200')];
  const state = { kind: 'passed' as const, proof: 'P', at: new Date().toISOString(), findings };
  const { find } = await open(alone(check('c', 'L', 'B', state)));
  expect(find('[data-tone=warn] dt')).toHaveTextContent('Worth knowing: ServiceProviderConfig');
  expect(find('[data-tone=good] dt')).toHaveTextContent('As it should be: Users');
});

test.each([
  ['nobody there', 0, [], 'Nobody yet'],
  ['people without names', 3, [], null],
  ['people with names', 3, ['Ada'], 'Ada'],
])('arrivals: %s', async (_, users, newest, shown) => {
  const arrivals = { users, groups: 0, newest, note: '' };
  const { find } = await open(alone(check('c', 'L', 'B', { kind: 'waiting' }, { arrivals })));
  const part = find('.newest');
  if (shown === null) expect(part).toBeNull();
  else expect(part).toHaveTextContent(shown);
});

test('arrivals are counted and named; what differs is always in sight', async () => {
  const { find } = await open('provisioning');
  expect(find('[data-block=arrive]')).toHaveTextContent(/Users\s*14\s*Groups\s*2/);
  expect(find('[data-block=arrive]')).toHaveTextContent('Ada Lovelace');
  expect(within(find('[data-block=one]')).getAllByText('“Engineer”, not expected')[0]).toBeVisible();
});
