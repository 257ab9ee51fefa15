import { ValidationFailed } from '../heat-error.js';
import type { Json } from '../json.js';
import { equalJson, isMap, listOf, toText } from '../json.js';
import type { Call, Intrinsic } from './intrinsic.js';
import { listArguments, wrongArguments } from './intrinsic.js';

/** Truth of a condition: the name of one, a function that yields one, or the value itself. */
export const truth = (condition: Json, call: Pick<Call, 'scope' | 'evaluate'>): boolean => {
  if (typeof condition === 'string') return call.scope.condition(condition);
  const value = isMap(condition) ? call.evaluate(condition) : condition;
  if (typeof value === 'boolean') return value;
  throw new ValidationFailed(`Invalid condition "${toText(value)}"`);
};

/** The branch that `if` takes. */
export const branch = (args: Json, call: Call): Json => {
  const [condition, yes, no] = Array.isArray(args) ? args : [];
  if (condition === undefined || yes === undefined) {
    throw wrongArguments(call, 'of the form [condition_name, value_if_true, value_if_false]');
  }
  return truth(condition, call) ? yes : (no ?? null);
};

const equals = (args: Json, call: Call): Json => {
  const [a, b] = listArguments(args, call).map((item) => call.evaluate(item));
  if (a === undefined || b === undefined)
    throw wrongArguments(call, 'of the form: [value_1, value_2]');
  return equalJson(a, b);
};

const operands = (args: Json, call: Call): Json[] => {
  const list = listOf(args);
  if (list.length < 2) {
    throw new ValidationFailed(`The minimum number of condition arguments to "${call.name}" is 2.`);
  }
  return list;
};

export const logic: Readonly<Record<string, Intrinsic>> = {
  if: { since: '2016-10-14', apply: (args, call) => call.evaluate(branch(args, call)) },
  equals: { since: '2016-10-14', apply: equals },
  not: { since: '2016-10-14', apply: (args, call) => !truth(args, call) },
  and: {
    since: '2016-10-14',
    apply: (args, call) => operands(args, call).every((operand) => truth(operand, call)),
  },
  or: {
    since: '2016-10-14',
    apply: (args, call) => operands(args, call).some((operand) => truth(operand, call)),
  },
};
