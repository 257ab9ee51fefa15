import { NotALiteral, parseLiteral } from '../python/literal.js';
import { str } from '../python/repr.js';
import type { Rule } from './rule.js';

/** The text is no rule. */
export class NotARule extends Error {
  override readonly name = 'NotARule';
}

const always: Rule = { kind: 'always' };
const never: Rule = { kind: 'never' };

/** Checks that ask another server are not offered: nothing here may depend on one. */
const remote = new Set(['http', 'https']);

/** `member` of `'member'`, `None` of `None`; `null` for what is no literal. */
const literalOf = (text: string): string | null => {
  try {
    return str(parseLiteral(text));
  } catch (error) {
    if (error instanceof NotALiteral) return null;
    throw error;
  }
};

/** A placeholder is `%(name)s`, and a sign of percent is written twice: the rest would fail when asked. */
const checkPlaceholders = (text: string): void => {
  if (text.replaceAll(/%%|%\([^)]+\)s/g, '').includes('%'))
    throw new NotARule(`"${text}" has a % that begins no %(name)s`);
};

/** What stands before the colon, unless it is the name of a kind of check. */
const matchOf = (left: string, text: string): Rule => {
  const literal = literalOf(left);
  if (literal !== null) return { kind: 'literal', value: literal, text };
  if (/\s/.test(left)) throw new NotARule(`"${left}:${text}" is more than one check`);
  return { kind: 'match', member: left, text };
};

/** One check: `@`, `!`, `role:admin`, `rule:owner`, `project_id:%(project_id)s`, `'x':%(y)s`. */
const checkOf = (text: string): Rule => {
  if (text === '@') return always;
  if (text === '!') return never;
  const colon = text.indexOf(':');
  if (colon < 1) throw new NotARule(`"${text}" is no check: it needs a kind, a colon and a value`);
  const left = text.slice(0, colon);
  const right = text.slice(colon + 1);
  if (remote.has(left)) throw new NotARule(`checks of kind ${left} are not supported`);
  checkPlaceholders(right);
  if (left === 'rule' || left === 'role') return { kind: left, name: right };
  return matchOf(left, right);
};

/** Parentheses stand alone or stick to a check; those within `%(…)s` belong to it. */
const tokensOf = (text: string): string[] =>
  text.split(/\s+/).flatMap((word) => {
    const opening = /^\(*/.exec(word)?.[0] ?? '';
    const rest = word.slice(opening.length);
    const closing = /\)*$/.exec(rest)?.[0] ?? '';
    const check = rest.slice(0, rest.length - closing.length);
    return [...signs(opening), check, ...signs(closing)].filter((token) => token !== '');
  });

/** One token for each parenthesis. */
const signs = (parentheses: string): string[] => parentheses.split('');

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Rule {
    const rule = this.or(0);
    const rest = this.tokens[this.at];
    if (rest !== undefined) throw new NotARule(`"${rest}" is not expected here`);
    return rule;
  }

  private take(word: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private or(depth: number): Rule {
    const rules = [this.and(depth)];
    while (this.take('or')) rules.push(this.and(depth));
    return joined('or', rules);
  }

  private and(depth: number): Rule {
    const rules = [this.not(depth)];
    while (this.take('and')) rules.push(this.not(depth));
    return joined('and', rules);
  }

  private not(depth: number): Rule {
    if (depth > 100) throw new NotARule('is nested too deeply');
    if (this.take('not')) return { kind: 'not', rule: this.not(depth + 1) };
    if (!this.take('(')) return this.check();
    const rule = this.or(depth + 1);
    if (!this.take(')')) throw new NotARule('a parenthesis is not closed');
    return rule;
  }

  private check(): Rule {
    const token = this.tokens[this.at];
    if (token === undefined) throw new NotARule('ends too early');
    if (['and', 'or', ')'].includes(token.toLowerCase()))
      throw new NotARule(`"${token}" is not expected here`);
    this.at += 1;
    return checkOf(token);
  }
}

const joined = (kind: 'and' | 'or', rules: readonly Rule[]): Rule =>
  rules.length === 1 && rules[0] ? rules[0] : { kind, rules };

/** Nothing at all lets everybody; blanks are taken for a slip of the hand, as oslo.policy takes them. */
const fromText = (text: string): Rule =>
  text === '' ? always : new Parser(tokensOf(text.trim())).whole();

/**
 * The older form: a list of alternatives, each a check or a list of checks that must all hold. Only
 * the outer list lets everybody when it is empty; alternatives that are empty are none.
 */
const fromList = (list: readonly unknown[]): Rule => {
  if (list.length === 0) return always;
  const given = list.map((one) => [one].flat()).filter((checks) => checks.join('') !== '');
  if (given.length === 0) return never;
  const alternatives = given.map((checks) => {
    const texts = checks.filter((check): check is string => typeof check === 'string');
    if (texts.length !== checks.length) throw new NotARule('holds something that is no text');
    return joined('and', texts.map(checkOf));
  });
  return joined('or', alternatives);
};

/** A rule as a policy file has it: text, or a list of lists. Throws {@link NotARule}. */
export const parseRule = (source: unknown): Rule => {
  if (typeof source === 'string') return fromText(source);
  if (Array.isArray(source)) return fromList(source);
  throw new NotARule('must be text or a list');
};
