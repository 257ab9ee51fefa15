import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { equalJson, isMap, listOf, toJsonText, toText } from '../json.js';

/** Looks a value up in the cloud; says what is wrong with it, or nothing. */
export type Lookup = (constraint: string, value: Json) => string | undefined;

/** What a lookup says of a constraint that it does not know. */
export const UNKNOWN_CONSTRAINT = 'constraint not found';

/** One rule on a value as HOT writes it: `{range: {min: 1}, description: …}`. */
export type Constraint = JsonMap;

const bounds = (rule: JsonMap): string =>
  `(min: ${toText(rule.min ?? 'None')}, max: ${toText(rule.max ?? 'None')})`;

const within = (size: number, rule: JsonMap): boolean =>
  (rule.min === undefined || size >= Number(rule.min)) &&
  (rule.max === undefined || size <= Number(rule.max));

const sizeOf = (value: Json): number => {
  if (Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : toText(value).length;
};

const matchesWhole = (value: string, pattern: string): boolean =>
  new RegExp(`^(?:${pattern})$`).test(value);

const allowed = (value: Json, values: readonly Json[]): boolean => {
  const items = Array.isArray(value) ? value : [value];
  return items.every((item) =>
    values.some((one) => equalJson(one, item) || toText(one) === toText(item)),
  );
};

const modulo = (value: number, rule: JsonMap): boolean =>
  value % Number(rule.step) === Number(rule.offset);

type Check = (value: Json, rule: Json, lookup: Lookup) => string | undefined;

const checks: Readonly<Record<string, Check>> = {
  length: (value, rule) =>
    isMap(rule) && !within(sizeOf(value), rule)
      ? `length (${sizeOf(value)}) is out of range ${bounds(rule)}`
      : undefined,
  range: (value, rule) =>
    isMap(rule) && !within(Number(value), rule)
      ? `${toText(value)} is out of range ${bounds(rule)}`
      : undefined,
  modulo: (value, rule) =>
    isMap(rule) && !modulo(Number(value), rule)
      ? `${toText(value)} is not a multiple of ${toText(rule.step)} with an offset of ${toText(rule.offset)})`
      : undefined,
  allowed_values: (value, rule) =>
    allowed(value, listOf(rule))
      ? undefined
      : `${toJsonText(value)} is not an allowed value ${toJsonText(rule)}`,
  allowed_pattern: (value, rule) =>
    matchesWhole(toText(value), toText(rule))
      ? undefined
      : `"${toText(value)}" does not match pattern "${toText(rule)}"`,
  custom_constraint: (value, rule, lookup) => {
    if (toText(value) === '') return undefined;
    const fault = lookup(toText(rule), value);
    if (fault === UNKNOWN_CONSTRAINT) {
      return `${toJsonText(value)} does not validate ${toText(rule)} (${fault})`;
    }
    return fault === undefined ? undefined : `Error validating value '${toText(value)}': ${fault}`;
  },
};

const faultOf = (value: Json, constraint: Constraint, lookup: Lookup): string | undefined => {
  for (const [name, rule] of Object.entries(constraint)) {
    const fault = checks[name]?.(value, rule, lookup);
    if (fault !== undefined) {
      return typeof constraint.description === 'string' ? constraint.description : fault;
    }
  }
  return undefined;
};

/** @throws ValidationFailed at the first constraint that the value breaks. */
export const enforce = (value: Json, constraints: readonly Constraint[], lookup: Lookup): void => {
  for (const constraint of constraints) {
    const fault = faultOf(value, constraint, lookup);
    if (fault !== undefined) throw new ValidationFailed(fault);
  }
};

const KNOWN = new Set([...Object.keys(checks), 'description']);

/** @throws ValidationFailed when a parameter's constraints are not what HOT knows. */
export const readConstraints = (given: Json | undefined): Constraint[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    throw new ValidationFailed('Invalid parameter constraints, expected a list');
  }
  return given.map((constraint) => {
    if (!isMap(constraint)) {
      throw new ValidationFailed('Invalid parameter constraints, expected a mapping');
    }
    const unknown = Object.keys(constraint).find((key) => !KNOWN.has(key));
    if (unknown !== undefined) {
      throw new ValidationFailed(`Invalid key '${unknown}' for parameter constraints`);
    }
    return constraint;
  });
};
