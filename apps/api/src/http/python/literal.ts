import { str } from './repr.js';

/**
 * Reads a Python literal: text, numbers, True, False, None, dicts, lists, tuples. Clients send maps
 * inside JSON patches in this form (`{'a': 'b'}`).
 */

/** The text is no literal, or one of a kind that JSON cannot hold. */
export class NotALiteral extends Error {
  override readonly name = 'NotALiteral';
}

/** Deep nesting is refused rather than followed. */
const maxDepth = 32;

const names: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const stringStart = /[uU]?('''|"""|'|")/y;
const numberShape = /[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const nameShape = /[A-Za-z_]\w*/y;
const codeShape = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/y;
const blank = /(?:\s|#[^\n]*|\\\n)*/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) throw this.fault();
    return value;
  }

  private fault(): NotALiteral {
    return new NotALiteral(
      `malformed literal at position ${this.at}: ${this.text.slice(this.at, this.at + 20)}`,
    );
  }

  private match(shape: RegExp): RegExpExecArray | null {
    shape.lastIndex = this.at;
    const found = shape.exec(this.text);
    if (found) this.at = shape.lastIndex;
    return found;
  }

  private skip(): void {
    this.match(blank);
  }

  private take(sign: string): boolean {
    this.skip();
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  private value(depth: number): unknown {
    if (depth > maxDepth) throw new NotALiteral('too deeply nested');
    if (this.take('{')) return this.dict(depth);
    if (this.take('[')) return this.items(']', depth).values;
    if (this.take('(')) {
      const { values, commas } = this.items(')', depth);
      return values.length === 1 && commas === 0 ? values[0] : values;
    }
    return this.scalar();
  }

  private scalar(): unknown {
    stringStart.lastIndex = this.at;
    if (stringStart.test(this.text)) return this.strings();
    const number = this.match(numberShape);
    if (number) return Number(number[0].replaceAll('_', ''));
    const name = this.match(nameShape)?.[0] ?? '';
    if (!names.has(name)) throw this.fault();
    return names.get(name);
  }

  private items(end: string, depth: number): { values: unknown[]; commas: number } {
    const values: unknown[] = [];
    let commas = 0;
    while (!this.take(end)) {
      if (values.length > commas) throw this.fault();
      values.push(this.value(depth + 1));
      if (this.take(',')) commas += 1;
    }
    return { values, commas };
  }

  private dict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    let commas = 0;
    while (!this.take('}')) {
      if (entries.length > commas) throw this.fault();
      entries.push(this.entry(depth));
      if (this.take(',')) commas += 1;
    }
    return Object.fromEntries(entries);
  }

  private entry(depth: number): [string, unknown] {
    const key = this.value(depth + 1);
    if (typeof key === 'object') throw new NotALiteral('keys of a map must be text');
    if (!this.take(':')) throw this.fault();
    return [str(key), this.value(depth + 1)];
  }

  /** Neighbouring strings are one string. */
  private strings(): string {
    let text = '';
    for (let start = this.match(stringStart); start; start = this.match(stringStart)) {
      text += this.stringBody(start[1] ?? "'");
      this.skip();
    }
    return text;
  }

  private stringBody(quote: string): string {
    let text = '';
    while (!this.text.startsWith(quote, this.at)) {
      const character = this.text[this.at];
      if (character === undefined || (character === '\n' && quote.length === 1)) throw this.fault();
      this.at += 1;
      text += character === '\\' ? this.escape() : character;
    }
    this.at += quote.length;
    return text;
  }

  private escape(): string {
    const code = this.match(codeShape);
    if (code) {
      const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
      if (point > 0x10ffff) throw this.fault();
      return String.fromCodePoint(point);
    }
    const character = this.text[this.at] ?? '';
    this.at += 1;
    return simpleEscapes[character] ?? `\\${character}`;
  }
}

/** Value of a literal. Tuples become arrays. Throws {@link NotALiteral}. */
export const parseLiteral = (text: string): unknown => new Reader(text.trim()).whole();
