// Which rows of a long table are in sight, and where they stand. Pure numbers: rows, and pixels.

/** What is taller is not laid out right by every webview; the scroll bar then stands for more than its length. */
export const TALLEST = 8_000_000;
/** Rows above and below what is in sight, so that a quick hand sees no gap. */
const SPARE = 8;

export interface Table {
  /** Rows in all. */
  total: number;
  /** Height of one. */
  row: number;
  /** Height of the part that is in sight. */
  view: number;
}

/** Height of all rows as it is laid out. */
export const height = ({ total, row }: Table): number => Math.min(total * row, TALLEST);

/** From where the scroll bar stands to how far down the rows that is. */
function top(table: Table, scroll: number): number {
  const [full, laid] = [table.total * table.row, height(table)];
  return full === laid ? scroll : (scroll / (laid - table.view)) * (full - table.view);
}

/** Rows to draw, and how far from their own place they stand. */
export function inSight(table: Table, scroll: number): { first: number; end: number; shift: number } {
  const above = Math.max(0, top(table, scroll));
  const first = Math.floor(above / table.row) - SPARE;
  const end = Math.ceil((above + table.view) / table.row) + SPARE;
  return {
    first: Math.min(Math.max(first, 0), table.total),
    end: Math.min(Math.max(end, 0), table.total),
    shift: scroll - above,
  };
}

/** Where the scroll bar has to stand for a row to be in sight; where it stands, if it is. */
export function scrollTo(table: Table, scroll: number, index: number): number {
  const above = top(table, scroll);
  const [begin, end] = [index * table.row, (index + 1) * table.row];
  const wanted = begin < above ? begin : end > above + table.view ? end - table.view : above;
  if (wanted === above) return scroll;
  const [full, laid] = [table.total * table.row, height(table)];
  return full === laid ? wanted : (wanted / (full - table.view)) * (laid - table.view);
}
