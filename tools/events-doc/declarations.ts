import { globSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A field as it is declared. */
export interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  /** TypeScript, on one line. */
  readonly type: string;
  readonly comment: string;
}

export interface EventDeclaration {
  readonly type: string;
  readonly comment: string;
  readonly fields: readonly Field[];
}

/** All events of one category of streams. */
export interface Category {
  readonly name: string;
  readonly comment: string;
  readonly events: readonly EventDeclaration[];
}

/** A type that events are made of: with fields, or an alias of another type. */
export interface ValueType {
  readonly name: string;
  readonly comment: string;
  readonly shape: readonly Field[] | string;
}

export interface Declarations {
  readonly categories: readonly Category[];
  readonly metadata: readonly Field[];
  /** Whatever the fields refer to, by name. */
  readonly types: readonly ValueType[];
}

/** Reads `libs/domain/src/<aggregate>/events.ts` and what stands beside each event in the log. */
export const readDeclarations = (root: string): Declarations => {
  const files = globSync('libs/domain/src/*/events.ts', { cwd: root }).sort();
  const message = join(root, 'libs/eventing/src/message.ts');
  const program = ts.createProgram([...files.map((file) => join(root, file)), message], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@jeroboam/source'],
    target: ts.ScriptTarget.ESNext,
    strict: true,
    noEmit: true,
    types: [],
  });
  const reader = new Reader(program.getTypeChecker());
  const categories = files.flatMap((file) =>
    statementsOf(program, join(root, file))
      .filter((each) => ts.isTypeAliasDeclaration(each))
      .filter(({ name }) => name.text.endsWith('Event'))
      .map((union) => reader.category(union)),
  );
  const metadata = statementsOf(program, message)
    .filter((each) => ts.isInterfaceDeclaration(each))
    .filter(({ name }) => name.text === 'Metadata')
    .flatMap((declared) => reader.fieldsOf(declared));
  return { categories, metadata, types: reader.valueTypes() };
};

const statementsOf = (program: ts.Program, file: string): readonly ts.Statement[] => {
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} is not there`);
  return source.statements;
};

class Reader {
  /** Declarations that fields refer to; grows while they are read. */
  private readonly referred = new Map<string, Named>();

  private readonly checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.checker = checker;
  }

  category(union: ts.TypeAliasDeclaration): Category {
    const members = ts.isUnionTypeNode(union.type) ? [...union.type.types] : [union.type];
    const comment = commentOf(union);
    const [, name] = /Stream `(\w+)-/.exec(comment) ?? [];
    if (name === undefined) throw new Error(`${union.name.text} does not say its stream`);
    return { name, comment, events: members.map((member) => this.event(member)) };
  }

  fieldsOf(node: ts.Node): readonly Field[] {
    return this.checker
      .getTypeAtLocation(node)
      .getProperties()
      .map((property) => this.field(property));
  }

  /** Sorted by name. Reading one may refer to others. */
  valueTypes(): readonly ValueType[] {
    const read = new Map<string, ValueType>();
    for (const [name, declaration] of this.referred) read.set(name, this.valueType(declaration));
    return [...read.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private event(member: ts.TypeNode): EventDeclaration {
    if (!ts.isTypeReferenceNode(member)) throw new Error(`${member.getText()} is no Message`);
    const [type, data] = member.typeArguments ?? [];
    if (!type || !data) throw new Error(`${member.getText()} lacks its type or its data`);
    return {
      type: type.getText().slice(1, -1),
      comment: commentBefore(member),
      fields: this.fieldsOf(data),
    };
  }

  private field(property: ts.Symbol): Field {
    const [declaration] = property.declarations ?? [];
    if (!declaration || !ts.isPropertySignature(declaration) || !declaration.type) {
      throw new Error(`${property.name} has no declared type`);
    }
    this.follow(declaration.type);
    return {
      name: property.name,
      isOptional: declaration.questionToken !== undefined,
      type: onOneLine(declaration.type.getText()),
      comment: commentOf(declaration),
    };
  }

  private valueType(declaration: Named): ValueType {
    const name = declaration.name.text;
    const comment = commentOf(declaration);
    if (ts.isInterfaceDeclaration(declaration)) {
      return { name, comment, shape: this.fieldsOf(declaration) };
    }
    this.follow(declaration.type);
    return { name, comment, shape: onOneLine(declaration.type.getText()) };
  }

  /** Remembers the declarations of our own that a type names. */
  private follow(node: ts.Node): void {
    const declaration = ts.isTypeReferenceNode(node) ? this.declarationOf(node.typeName) : null;
    if (declaration?.getSourceFile().fileName.includes('/libs/')) {
      this.referred.set(declaration.name.text, declaration);
    }
    ts.forEachChild(node, (child) => {
      this.follow(child);
    });
  }

  private declarationOf(name: ts.EntityName): Named | null {
    const symbol = this.checker.getSymbolAtLocation(name);
    if (!symbol) return null;
    const isImported = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const target = isImported ? this.checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = target.declarations ?? [];
    const isNamed =
      declaration &&
      (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration));
    return isNamed ? declaration : null;
  }
}

type Named = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

const commentOf = (node: ts.Node): string =>
  onOneLine(
    ts
      .getJSDocCommentsAndTags(node)
      .filter((each) => ts.isJSDoc(each))
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' '),
  );

/** The comment of a member of a union stands before its bar, outside of the member. */
const commentBefore = (member: ts.Node): string => {
  const before = member.getSourceFile().text.slice(0, member.getStart());
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\|?\s*$/.exec(before) ?? [];
  return onOneLine(comment.replaceAll(/^\s*\*/gm, ''));
};

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
