import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { AnsweredFault } from '../errors/faults.js';
import { Microversion } from '../microversion/microversion.js';
import { applyPatch } from '../patch/apply-patch.js';
import { parsePatch, type PatchRules } from '../patch/patch-document.js';
import {
  Bool,
  Int,
  JsonMap,
  LabelMap,
  OneOf,
  ReadOnly,
  Text,
  TextList,
  TextMapList,
  Uuid,
} from './fields.js';
import { readBody } from './read-body.js';
import { typeBody, typeQuery } from './typing.js';

class Anything {
  @Text({ min: 1, max: 5, pattern: /^[a-z]+$/ }) name?: string;
  @Int({ min: 0, default: 1 }) node_count!: number;
  @Bool() public?: boolean;
  @OneOf(['vm', 'bm']) server_type?: string;
  @LabelMap() labels?: Record<string, string>;
  @JsonMap() properties?: Record<string, unknown>;
  @Uuid() id?: string;
  @TextList() nodes?: string[];
  @TextMapList() node_taints?: Record<string, string>[];
  @ReadOnly() links?: unknown;
}

const names = ['name', 'node_count', 'public', 'server_type', 'labels', 'properties', 'nodes'];
const member = fc.constantFrom(...names, 'id', 'node_taints', 'links', 'bogus', '__proto__');
const body = fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue()));
const typing = {
  microversion: Microversion.of('1.12'),
  limits: { labels: 10, labelChars: 100 },
};

/** Whatever is wrong with an input is an answer, never a bug. */
const answers = (run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AnsweredFault)) throw error;
    JSON.stringify(error.answer().body);
  }
};

const rules: PatchRules = { dto: Anything, mandatory: ['name'] };
const target = {
  name: 'n',
  node_count: 1,
  labels: { a: '1' },
  nodes: ['x'],
  node_taints: null,
  properties: { a: { b: ['c'] } },
};
const step = fc.record(
  {
    op: fc.constantFrom('add', 'replace', 'remove', 'test'),
    path: fc
      .array(
        fc.constantFrom('name', 'labels', 'nodes', 'node_taints', 'properties', 'a', 'b', '0', '-'),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => `/${parts.join('/')}`),
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.jsonValue(), fc.json()),
  },
  { requiredKeys: ['op', 'path'] },
);

describe('any input', () => {
  it('as a body is typed or refused', () => {
    fc.assert(
      fc.property(body, (value) => {
        answers(() => typeBody(Anything, { name: 'thing', body: value }, typing));
      }),
      { numRuns: 500 },
    );
  });

  it('as a query is typed or refused', () => {
    const text = fc.oneof(fc.string(), fc.array(fc.string()));
    fc.assert(
      fc.property(fc.dictionary(member, text), (query) => {
        answers(() => typeQuery(Anything, query, typing));
      }),
    );
  });

  it('as a patch is applied or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(step), fc.jsonValue()), (patch) => {
        answers(() => applyPatch(target, parsePatch(patch, rules), { rules, typing }));
      }),
      { numRuns: 500 },
    );
  });

  it('as bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytesOf)), (bytes) => {
        answers(() => readBody(bytes, 'application/json'));
      }),
    );
  });
});

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
