// Times and numbers for reading, in the system's locale, and the one clock that ticks while something shows it.
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Now, in milliseconds. Whatever reads it in a component is drawn again each second. */
export function now(): number {
  subscribe();
  return Date.now();
}

// 24 hours, as the core writes times in its sentences.
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const digits = new Intl.NumberFormat(undefined);

/** "1,204", or as the locale has it. */
export const number = (count: number): string => digits.format(count);

/** "11:02" for today, else with its date. */
export function moment(iso: string): string {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString()
    ? clock.format(at)
    : `${day.format(at)}, ${clock.format(at)}`;
}

/** A `YYYY-MM-DD` as a date of the system's locale; anything else as it is. */
export function date(iso: string): string {
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso) ?? [];
  return year ? day.format(new Date(Number(year), Number(month) - 1, Number(dayOfMonth))) : iso;
}

/** "12:41", never below "0:00". */
export function minutes(seconds: number): string {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

/** Whole seconds from now to a moment. */
export function secondsUntil(iso: string): number {
  return Math.ceil((Date.parse(iso) - now()) / 1000);
}

/** Whole seconds since a moment. */
export function secondsSince(iso: string): number {
  return Math.max(0, Math.floor((now() - Date.parse(iso)) / 1000));
}

/** "12,300", as the core writes numbers in its sentences. */
export const count = (number: number): string => number.toLocaleString('en');
