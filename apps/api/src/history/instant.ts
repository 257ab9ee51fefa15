import { Text } from '../http/body/fields.js';
import { Fault, InvalidInput } from '../http/errors/faults.js';
import { PageQuery } from '../http/listing/page.js';

const at = { description: 'ISO-8601 time with an offset: the state as it was then.' };

/** Argument of what can be seen as it was. */
export class AtQuery {
  @Text(at)
  at?: string;
}

/** The same of lists. */
export class ListAtQuery extends PageQuery {
  @Text(at)
  at?: string;
}

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether there is such a day: without a look, the 30th of February is in March. */
const isDay = ([, year, month, day]: RegExpExecArray): boolean => {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};

/**
 * The time in ms since 1970. A plus that came unescaped, as a blank, is taken for one.
 * 400 when it cannot be read, or is to come.
 */
export const instantOf = (text: string, now: string): number => {
  const whole = text.replace(/ (?=\d\d:\d\d$)/, '+');
  const form = FORM.exec(whole);
  const instant = Date.parse(whole);
  if (form === null || Number.isNaN(instant) || !isDay(form))
    throw new InvalidInput('at', text, 'Expected a time such as 2026-01-31T12:00:00Z.');
  if (instant > Date.parse(now)) throw new Fault(400, `The time ${text} is in the future.`);
  return instant;
};
