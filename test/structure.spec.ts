import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** A test of the code base itself: what a reader counts on and no compiler sees. */
const ROOT = resolve(import.meta.dirname, '..');

const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const code = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
const texts = new Map(code.map((file) => [file, read(file)]));

/** `file:line` of each match. */
const matches = (pattern: RegExp): readonly string[] =>
  [...texts].flatMap(([file, text]) =>
    [...text.matchAll(pattern)].map(
      ({ index }) => `${file}:${text.slice(0, index).split('\n').length}`,
    ),
  );

/** `file:line` of each node of the syntax tree that fits. */
const nodes = (fits: (node: ts.Node) => boolean): readonly string[] =>
  [...texts].flatMap(([file, text]) => {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (fits(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        found.push(`${file}:${line + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });

const isSpec = (file: string): boolean =>
  /\.(spec|contract)\.ts$/.test(file) || file.startsWith('test/');

describe('names', () => {
  it('say what is in a file or folder', () => {
    const empty = /^(util|common|helper|base|manager|impl)s?$/;
    const unclear = files.filter((file) =>
      file.split(/[/.-]/).some((word) => empty.test(word.toLowerCase())),
    );
    expect(unclear).toEqual([]);
  });

  it('lead to the file that declares what is imported', () => {
    expect(files.filter((file) => basename(file) === 'index.ts')).toEqual([]);
  });
});

describe('sources', () => {
  it('know the type of everything', () => {
    expect(nodes((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  it('cast nothing to what it is not', () => {
    const isCastOf = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
      ts.isAsExpression(node) && node.type.kind === kind;
    expect(
      nodes(
        (node) =>
          ts.isAsExpression(node) && isCastOf(node.expression, ts.SyntaxKind.UnknownKeyword),
      ),
    ).toEqual([]);
  });

  it('leave no test out', () => {
    expect(matches(/\b(?:describe|it|test)(?:\.each)?\.(?:only|skip)\b/g)).toEqual([]);
    expect(matches(/\b(?:fdescribe|fit|xdescribe|xit|xtest)\(/g)).toEqual([]);
  });

  it('put off nothing', () => {
    const marks = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'];
    expect(matches(new RegExp(`\\b(?:${marks.join('|')})\\b`, 'g'))).toEqual([]);
  });

  it('are files that can be read at a sitting', () => {
    const long = [...texts]
      .map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
      .filter(({ file, lines }) => lines > (isSpec(file) ? 500 : 300));
    expect(long).toEqual([]);
  });

  it('lie in folders that can be taken in at a glance', () => {
    const folders = new Map<string, number>();
    for (const file of files.filter((each) => /^(apps|libs|test|tools|docs)\//.test(each))) {
      folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
    }
    expect([...folders].filter(([, count]) => count > 15)).toEqual([]);
  });
});

describe('projects', () => {
  const projects = files.filter((file) => basename(file) === 'project.json');

  it.each(projects)('%s has a README, and tags that say who may import it', (file) => {
    const { tags } = JSON.parse(read(file)) as { tags?: readonly string[] };
    expect(tags?.filter((tag) => tag.startsWith('type:'))).toHaveLength(1);
    expect(files).toContain(join(dirname(file), 'README.md'));
  });
});

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly resolved?: string;
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

describe('package-lock.json', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lock;

  it('names no registry: whoever installs has one', () => {
    const addressed = Object.entries(packages).filter(([, { resolved }]) =>
      resolved?.includes('://'),
    );
    expect(addressed).toEqual([]);
  });

  it('holds the packages of other platforms too, or npm ci refuses it', () => {
    const installed = new Set(
      Object.keys(packages).map((path) => path.split('node_modules/').at(-1)),
    );
    const wanted = Object.values(packages).flatMap(({ dependencies, optionalDependencies }) =>
      Object.keys({ ...dependencies, ...optionalDependencies }),
    );
    expect(wanted.filter((name) => !installed.has(name))).toEqual([]);
  });
});
