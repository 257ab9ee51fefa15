import { str } from '../python/repr.js';

/** A rule of oslo.policy's language, parsed. */
export type Rule =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly Rule[] }
  /** Another rule by its name. */
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'role'; readonly name: string }
  /** A member of the credentials, compared with text that may hold `%(member)s` of the target. */
  | { readonly kind: 'match'; readonly member: string; readonly text: string }
  /** A literal, compared likewise. */
  | { readonly kind: 'literal'; readonly value: string; readonly text: string };

export type Values = Readonly<Record<string, unknown>>;

export interface Question {
  readonly rules: ReadonlyMap<string, Rule>;
  /** Who asks: `user_id`, `project_id`, `roles` … */
  readonly credentials: Values;
  /** What it is about. */
  readonly target: Values;
}

/** A list has what any of its items has. */
const step = (value: unknown, key: string): unknown => {
  if (Array.isArray(value)) {
    const found = value.map((item) => step(item, key)).filter((one) => one !== undefined);
    return found.length === 0 ? undefined : found.flat();
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Values)[key];
};

/** Member of an object, by its name or by names with dots between them. */
const member = (values: Values, path: string): unknown =>
  Object.hasOwn(values, path) ? values[path] : path.split('.').reduce<unknown>(step, values);

const placeholder = /%%|%\(([^)]+)\)s/g;

/** The text with its placeholders filled; `undefined` when the target lacks one of them. */
const filled = (text: string, target: Values): string | undefined => {
  const lacking: string[] = [];
  const result = text.replace(placeholder, (_, path?: string) => {
    if (path === undefined) return '%';
    const value = member(target, path);
    if (value === undefined) lacking.push(path);
    return str(value);
  });
  return lacking.length === 0 ? result : undefined;
};

const isRole = (name: string, { credentials, target }: Question): boolean => {
  const wanted = filled(name, target)?.toLowerCase();
  const roles = credentials['roles'];
  return Array.isArray(roles) && roles.some((role) => str(role).toLowerCase() === wanted);
};

const isMatch = (path: string, text: string, { credentials, target }: Question): boolean => {
  const wanted = filled(text, target);
  const found = member(credentials, path);
  if (wanted === undefined || found === undefined) return false;
  // Nobody in particular is not the owner of what belongs to nobody in particular.
  if (found === null && text.includes('%(')) return false;
  return [found].flat().some((value) => str(value) === wanted);
};

/** Whether a rule says yes. Names nobody has defined say no, unless there is a rule `default`. */
export const isAllowed = (rule: Rule, question: Question): boolean => {
  switch (rule.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'not':
      return !isAllowed(rule.rule, question);
    case 'and':
      return rule.rules.every((part) => isAllowed(part, question));
    case 'or':
      return rule.rules.some((part) => isAllowed(part, question));
    case 'rule': {
      const named = question.rules.get(rule.name) ?? question.rules.get('default');
      return named !== undefined && isAllowed(named, question);
    }
    case 'role':
      return isRole(rule.name, question);
    case 'match':
      return isMatch(rule.member, rule.text, question);
    case 'literal':
      return filled(rule.text, question.target) === rule.value;
  }
};
