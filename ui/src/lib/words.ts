// Everything the screen says in its own voice. What the core says comes ready in the view.
import type { Phase, RailState, Verb } from '../backend/types';
import { plurals } from './plurals';

/** What a step is called where no list of steps, with the target's own words, is in sight. */
const phases: Record<Phase, string> = {
  role: 'Role assignment',
  'access-token': 'Access token',
  'scim-token': 'SCIM token',
  'idp-credentials': 'IdP credentials',
  mappings: 'Attribute mappings',
  provisioning: 'Provisioning',
  'old-token': 'Old token',
};
/** Remarks below a title: none begins with a capital, as those of the core do not. */
const railStates: Record<RailState, string> = {
  open: 'open',
  unproven: 'done, not proven yet',
  proven: 'proven',
  reopened: 'needs another look',
  'not-needed': 'not needed',
};
const verbs: Record<Verb, string> = { keep: 'Keep', add: 'Add', change: 'Change', delete: 'Delete' };
const plural = plurals('en');
const seconds = (count: number) => plural(count, { one: '1 second', other: `${count} seconds` });

export const en = {
  app: 'Usher',
  from: 'receives from',
  pair: (target: string, idp: string) => `${target} receives from ${idp}`,
  all: 'All connections',
  back: 'Back',
  steps: 'Steps',
  rotationSteps: 'Steps of the rotation',
  practice: 'Practice',
  wait: 'One moment',
  unexpected: 'Usher could not do that, and what came back is not an answer it knows. Nothing was changed.',
  close: 'Close',
  dismiss: 'Dismiss',

  /** How words stand together. Some of it is only heard. */
  join: {
    /** What a sign means, before what it stands at. */
    sign: (says: string) => `${says}: `,
    /** Before a remark that is seen below and heard after. */
    remark: ', ',
    /** After the number of something to do. */
    number: '.',
    source: (title: string, date: string) => (date ? `${title}, ${date}` : title),
    at: (what: string, when: string) => `${what}, ${when}`,
    /** A button of one of several things. */
    of: (button: string, which: string) => `${button}: ${which}`,
    /** Between the facts of a line. */
    facts: '·',
    /** Between the names of a list. */
    names: ',',
    /** Between remarks. */
    notes: '; ',
  },

  home: {
    newDoor: 'Set up a connection',
    newText:
      'Six steps, about fifteen minutes of work with the rights at hand. Stop at any time and come back later.',
    practiceDoor: 'Practice first, without an account',
    practiceText: 'The same six steps in a practice world on this computer. Nothing reaches a real system.',
    list: 'Connections',
    facts: 'How it stands',
    checking: 'being checked',
    more: 'Another connection',
    remove: 'Remove',
    removeLabel: (pair: string) => `Remove ${pair}`,
    removeAsk: 'Remove this connection from this computer?',
    removeWhat: (target: string, idp: string) =>
      `Its progress and its saved tokens are deleted here. Nothing changes at ${target} or ${idp}.`,
    removeYes: 'Remove it',
    removeNo: 'Keep it',
    unreadable: 'Files that could not be read',
    unreadableNote: 'They are kept as they are.',
  },

  checkAll: {
    button: 'Check all now',
    what: 'Asks each service whether it still accepts the token in use. It only reads.',
    running: (done: number, total: number) => `Checking ${Math.min(done + 1, total)} of ${total}`,
    stop: 'Cancel',
  },

  end: {
    enter: 'Enter the day it ends',
    change: 'Change the day',
    label: 'The day on which the token ends, as year-month-day',
    placeholder: 'YYYY-MM-DD',
    save: 'Save',
    cancel: 'Cancel',
    use: 'Use this day',
    missing: 'Enter the day first.',
    empty: 'Leave the field empty if the day is not known after all.',
  },

  newSetup: {
    title: 'Which two systems do you want to connect?',
    practiceTitle: 'Which connection do you want to practice?',
    lead: 'Users and groups travel from your identity provider to the service.',
    target: 'Where should the accounts go?',
    idp: 'Where do the accounts come from?',
    idpLater: 'The identity providers appear once the service is chosen.',
    unavailable: 'Not available yet',
  },

  needs: {
    title: 'What you need',
    place: 'Where',
    howLong: 'For how long',
    who: 'Who',
    request: 'Somebody else has to give you a right?',
    requestText: 'Send them this. It says what is needed and why, and holds no secret.',
  },

  step: {
    number: (number: number, total: number) => `Step ${number} of ${total}`,
    sources: 'This guide follows',
    opens: 'opens in your browser',
    phases,
    goTo: (number: number, title: string) => `Go to step ${number}: ${title}`,
    goToTitle: (title: string) => `Go to: ${title}`,
    nothing: 'Nothing to do in this step.',
    next: (number: number, title: string) => `It goes on with step ${number}: ${title}.`,
  },

  rotation: {
    title: 'Token rotation',
    stop: 'Stop the rotation',
    ask: 'Stop the rotation?',
    no: 'Go on',
  },

  rail: {
    state: railStates,
    left: (clock: string) => `${clock} left`,
    ended: 'token has ended',
    aboutToEnd: (what: string, minutes: number) =>
      plural(minutes, { one: `${what}: 1 minute left.`, other: `${what}: ${minutes} minutes left.` }),
    hasEnded: (what: string) => `${what}: the token has ended.`,
  },

  link: { opens: (host: string) => `opens ${host} in your browser` },

  copy: {
    copy: 'Copy',
    copied: 'Copied',
    label: (what: string) => `Copy ${what}`,
    done: (what: string, stays: number | null) =>
      stays === null
        ? `${what} copied. It stays on the clipboard.`
        : `${what} copied. It leaves the clipboard in ${seconds(stays)}.`,
    leaves: (left: number) =>
      plural(left, {
        one: 'On the clipboard for 1 more second.',
        other: `On the clipboard for ${left} more seconds.`,
      }),
    left: 'Taken off the clipboard again.',
  },

  secret: {
    paste: 'Paste from the clipboard',
    type: 'or type it',
    typeLabel: (label: string) => `Type ${label}`,
    use: 'Use it',
    clear: 'Clear',
    show: 'Show',
    hide: 'Hide',
    showLabel: (label: string) => `Show ${label}`,
    clearLabel: (label: string) => `Clear ${label}`,
    masked: (lastFour: string) => `hidden, ends in ${lastFour}`,
    hides: (seconds: number) => `Hides itself in ${seconds} s, or when you leave this window.`,
    shown: 'Shown.',
    hidden: 'Hidden again.',
    later: 'Not there yet. It appears here as soon as Usher has it.',
    saved: 'saved in your system’s keyring',
    notSaved:
      'This token is not saved. It exists only while Usher is open: copy it now and keep it somewhere safe, or try to save it again.',
    save: 'Try to save again',
  },

  mapping: {
    progress: (done: number, total: number) => `${done} of ${total} done`,
    actions: 'Actions in the console',
    ticked: (action: string) => `**${action}** is on there`,
    unticked: (action: string) => `**${action}** is off there`,
    done: 'Done',
    verb: 'What to do',
    verbs,
    rowDone: (verb: Verb, target: string) => `${verbs[verb]} ${target}: done`,
  },

  check: {
    waiting: 'Not checked yet',
    running: 'Checking',
    passed: 'Passed',
    failed: 'Failed',
    cancel: 'Cancel',
    elapsed: (seconds: number) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    good: 'As it should be',
    warn: 'Worth knowing',
    bad: 'Not as it should be',
    evidence: (count: number) => plural(count, { one: 'What was seen', other: `What was seen (${count})` }),
    stages: {
      waiting: 'Not yet',
      running: 'Under way',
      passed: 'Passed',
      warned: 'Worth knowing',
      failed: 'Failed',
      skipped: 'Not looked at',
    },
    answers: 'This address answers:',
    correct: 'Use it and check again',
    details: 'Details',
    copyDetails: 'Copy for support',
    guide: 'Open the documentation',
    status: 'Status',
    asked: 'Asked',
    noStatus: 'no answer',
    answer: 'Answer',
    candidates: 'Which of these is the token?',
    pick: 'This one',
    pickLabel: (path: string) => `This one: ${path}`,
    users: 'Users',
    groups: 'Groups',
    newest: 'Newest',
    nobody: 'Nobody yet',
  },

  intake: {
    choose: 'Choose a file',
    paste: 'Paste a text',
    drop: 'or drop a file here',
    look: 'Look at it',
    text: 'Pasted text',
    field: (label: string) => `Text for: ${label}`,
    cancel: 'Cancel',
    another: 'Look at another',
    putAway: 'Put away',
    reading: (name: string) => `Reading ${name}`,
    at: (name: string) => `Read from ${name}`,
    page: 'What this means',
    source: 'Source',
    tag: 'What to do',
  },

  doctor: {
    door: 'Understand an error',
    doorText: 'An error in a console, or a log that says nothing to you?',
    all: 'Everything that can go wrong',
    hand: 'Have a text or a log?',
    means: 'What this means',
  },

  finish: {
    proofs: 'What was proved',
    facts: 'Worth knowing',
    notProven: 'Not proven.',
    notNeeded: 'Not needed.',
    runbook: 'Save runbook',
    saved: 'The runbook is saved:',
    what: 'The runbook records what was set up, which token is in use and when to act next. It holds no secrets.',
  },

  reminders: {
    title: 'Reminders',
    save: 'Save reminders',
    how: 'The saved file goes into your calendar when you open it. A newer file moves the older entry.',
    saved: 'The reminders are saved:',
    older: 'Saved for an older token:',
  },

  history: {
    title: 'History',
    all: (count: number) => `Show all (${count})`,
    fewer: (count: number) => `Show the newest ${count}`,
  },

  about: {
    door: 'About Usher',
    title: 'About Usher',
    version: (version: string, build: string | null) =>
      build ? `Version ${version}, built from ${build}` : `Version ${version}`,
    open: 'Open the folder',
    diagnostics: 'Diagnostics',
    what: 'For whoever helps you. It is copied as it stands here: no secrets, no people, no addresses.',
    copy: 'Copy diagnostics',
  },

  arrived: {
    door: 'Compare who arrived',
    short: 'Who arrived',
    doorLabel: (pair: string) => `Compare who arrived: ${pair}`,
    doorTitle: 'Who arrived',
    doorText:
      'Did everybody arrive who should? Usher compares an export of the identity provider with the target.',
    last: 'The last comparison:',
    exports: 'Hand over other files',
    notes: (count: number) =>
      count === 1 ? 'One thing to know about it' : `${count} things to know about it`,
    compare: 'Compare',
    again: 'Compare again',
    cancel: 'Cancel',
    comparing: 'Comparing',
    save: 'Save as CSV',
    saveNote: 'The file holds people’s names.',
    saved: 'The differences are saved:',
    groups: {
      choose: 'Choose files',
      drop: 'or drop files here',
      list: 'Groups that were handed over',
      name: 'Name of the group',
      nameOf: (file: string) => `Name of the group in ${file}`,
      remove: 'Remove',
      removeOf: (file: string) => `Remove ${file}`,
      removeAll: 'Remove all',
      removed: 'Removed.',
    },
    filter: {
      label: 'Kinds of differences',
      all: 'All',
      one: (title: string, count: string) => `${title}: ${count}`,
      search: 'Search',
      searchHint: 'Name, group or attribute',
      shown: (shown: string, total: string) => `${shown} of ${total} shown`,
      whole: (total: string) => (total === '1' ? '1 difference' : `${total} differences`),
      none: 'Nothing fits this filter.',
      clear: 'Show all',
    },
    table: {
      label: 'Differences',
      how: 'Arrow keys go from row to row; the selected one is explained below the table.',
      kind: 'Difference',
      who: 'Who',
      what: 'Group or attribute',
      expected: 'Expected',
      found: 'Found',
      cause: 'Probable cause',
      loading: 'Loading',
    },
    detail: {
      label: 'The selected difference',
      pick: 'Select a row to see all of it, what probably caused it, and what to do next.',
      empty: 'nothing',
    },
  },

  blocked: { title: 'Usher cannot start here', again: 'Try again' },
};

/** All that a language has to say. Another one is a file beside this one that exports it as `words`: `words.de.ts`. */
export type Words = typeof en;

const files = {
  ...import.meta.glob<Words>('./words.*.ts', { eager: true, import: 'words' }),
  // One that is longer and has accents, to try the screens with.
  ...(import.meta.env.MODE === 'production'
    ? {}
    : import.meta.glob<Words>('../../tests/words.*.ts', { eager: true, import: 'words' })),
};
const languages = new Map(
  Object.entries(files).map(([file, its]) => [/words\.(.+)\.ts$/.exec(file)![1]!, its]),
).set('en', en);

/** Of the languages that there are, the one that is wanted most: by its full name, or without the region. */
export const language =
  navigator.languages.flatMap((tag) => [tag, tag.replace(/-.*/, '')]).find((tag) => languages.has(tag)) ??
  'en';
export const words: Words = languages.get(language)!;
