import {
  readDeclarations,
  type Category,
  type EventDeclaration,
  type Field,
  type ValueType,
} from './declarations.ts';

const INTRODUCTION = `# Events

What the log holds. Generated from \`libs/domain/src/*/events.ts\` by \`npm run docs:events\`; do not edit.

Types and fields may be added, never renamed, removed or re-typed. Times are ISO-8601 in UTC. No secret is in any
event: where one is needed, a reference to it is.`;

/** The text of docs/events.md. */
export const eventsDocument = (root: string): string => {
  const { categories, metadata, types } = readDeclarations(root);
  return [
    INTRODUCTION,
    list(categories),
    ...categories.map(category),
    '## Metadata\n\nStored beside each event.',
    fieldsTable(metadata),
    '## Types',
    ...types.map(valueType),
    '',
  ].join('\n\n');
};

const list = (categories: readonly Category[]): string =>
  categories
    .map(({ name, events }) => {
      const links = events.map(({ type }) => `[${type}](#${type.toLowerCase()})`);
      return `- **${name}**: ${links.join(', ')}`;
    })
    .join('\n');

const category = ({ name, comment, events }: Category): string =>
  [`## ${name}`, linked(comment), ...events.map(event)].join('\n\n');

const event = ({ type, comment, fields }: EventDeclaration): string =>
  [`### ${type}`, linked(comment), fieldsTable(fields)].filter((part) => part !== '').join('\n\n');

const valueType = ({ name, comment, shape }: ValueType): string => {
  const body = typeof shape === 'string' ? `\`${shape}\`` : fieldsTable(shape);
  return [`### ${name}`, linked(comment), body].filter((part) => part !== '').join('\n\n');
};

const fieldsTable = (fields: readonly Field[]): string =>
  ['| field | type | |', '| --- | --- | --- |', ...fields.map(row)].join('\n');

const row = ({ name, isOptional, type, comment }: Field): string =>
  `| \`${name}\`${isOptional ? ' (optional)' : ''} | \`${inCell(type)}\` | ${inCell(linked(comment))} |`;

/** A bar would end the cell. */
const inCell = (text: string): string => text.replaceAll('|', '\\|');

/** Links of doc comments are names here. */
const linked = (comment: string): string => comment.replaceAll(/\{@link (\w+)\}/g, '`$1`');
