// Small readings of a view that more than one component needs. Nothing here decides about the job.
import type { Block, Intake, Problem, Screen, Step, View } from '../backend/types';

export type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;
export type ScreenOf<K extends Screen['kind']> = Extract<Screen, { kind: K }>;

/** Which place is shown; focus moves when it changes. */
export function placeOf(view: View | null): string {
  if (!view) return '';
  if (view.screen.kind === 'doctor') return `doctor/${view.screen.page?.id ?? ''}`;
  if (view.screen.kind !== 'step') return view.screen.kind;
  return `${view.screen.rotation ? 'rotation' : 'step'}/${view.screen.phase}`;
}

/** What takes the bytes of a file that was handed over just now. */
export function readingOf(view: View, id: string): number | undefined {
  const { screen } = view;
  if (screen.kind === 'arrived' && screen.groups.id === id) {
    const newest = screen.groups.files.at(-1)?.state;
    return newest?.kind === 'reading' ? newest.serial : undefined;
  }
  const state = intakeOf(view, id)?.state;
  return state?.kind === 'reading' ? state.serial : undefined;
}

/** An intake of the screen, wherever it stands. */
function intakeOf({ screen }: View, id: string): Intake | undefined {
  if (screen.kind === 'arrived') return screen.people.id === id ? screen.people : undefined;
  if (screen.kind === 'doctor') return screen.intake.id === id ? screen.intake : undefined;
  if (screen.kind !== 'step') return undefined;
  return screen.blocks.find(
    (block): block is BlockOf<'intake'> => block.kind === 'intake' && block.id === id,
  );
}

/** The block whose button is the one to press next; null: Continue is. */
export function primaryOf(step: Step): string | null {
  if (step.forward.enabled) return null;
  const next = step.blocks.find((block) => {
    if (block.kind === 'secret') return block.fillable && block.state.kind === 'empty';
    if (block.kind === 'check') return block.enabled && ['waiting', 'failed'].includes(block.state.kind);
    return false;
  });
  return next?.id ?? null;
}

export type Group =
  { kind: 'actions'; key: string; items: Block[][] } | { kind: 'single'; key: string; block: Block };

const BELONGS_TO_ACTION: Block['kind'][] = ['link', 'copy', 'secret', 'choice', 'input'];

/** Puts numbered things to do, and the fields that belong to them, into lists. */
export function grouped(blocks: Block[]): Group[] {
  const groups: Group[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.kind === 'text') {
      if (last?.kind === 'actions') last.items.push([block]);
      else groups.push({ kind: 'actions', key: block.id, items: [[block]] });
    } else if (last?.kind === 'actions' && BELONGS_TO_ACTION.includes(block.kind)) {
      last.items.at(-1)!.push(block);
    } else {
      groups.push({ kind: 'single', key: block.id, block });
    }
  }
  return groups;
}

/** What a rejected command said; anything that is no `Problem` is shown under Details. */
export function asProblem(error: unknown, otherwise: string): Problem {
  if (typeof error === 'object' && error !== null && 'message' in error && 'hints' in error) {
    return error as Problem;
  }
  const body = error instanceof Error ? error.message : String(error);
  return {
    code: 'refused',
    message: otherwise,
    hints: [],
    docs: null,
    details: { method: '', url: '', status: null, body },
  };
}
