import { Fault, InvalidInput, missingArgument } from '../errors/faults.js';
import { isDict } from '../body/containers.js';
import type { DtoClass } from '../body/field-type.js';
import { classOf, str } from '../python/repr.js';

/** One step of a patch, its members in the order messages show them. */
export interface PatchOperation {
  readonly path: string;
  readonly op: 'add' | 'replace' | 'remove';
  readonly value?: string | number | boolean;
}

export type PatchDocument = readonly PatchOperation[];

/** What a resource lets patches do. Names are of root attributes, without the slash. */
export interface PatchRules {
  /** Typing of the attributes; those that change are read as this class reads them. */
  readonly dto: DtoClass;
  /** Refused, beside those that are refused everywhere. */
  readonly internal?: readonly string[];
  /** May be replaced, never removed. */
  readonly mandatory?: readonly string[];
  /** What a removed attribute becomes; null when not named. */
  readonly removed?: Readonly<Record<string, unknown>>;
}

const internalEverywhere = [
  'created_at',
  'id',
  'links',
  'updated_at',
  'uuid',
  'project_id',
  'user_id',
];
const operations = ['replace', 'add', 'remove'];
const members = ['path', 'op', 'value'];
const pathShape = /^(\/[\p{L}\p{N}_-]+)+$/u;

const segments = (path: string): string[] => path.split('/').slice(1);

/** `labels` of `/labels/kube_tag`. */
export const rootOf = (path: string): string => segments(path)[0] ?? '';

const pathOf = (path: unknown): string => {
  if (path === undefined || path === null)
    throw new InvalidInput('path', null, 'Mandatory field missing.');
  if (typeof path !== 'string')
    throw new InvalidInput(
      'path',
      path,
      `Wrong type. Expected '<class 'str'>', got '${classOf(path)}'`,
    );
  if (!pathShape.test(path))
    throw new InvalidInput('path', path, 'Value should match the pattern ^(/[\\w-]+)+$');
  return path;
};

const opOf = (op: unknown): PatchOperation['op'] => {
  if (op === undefined || op === null)
    throw new InvalidInput('op', null, 'Mandatory field missing.');
  if (op === 'add' || op === 'replace' || op === 'remove') return op;
  throw new InvalidInput('op', op, `Value should be one of: ${operations.join(', ')}`);
};

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value);

const valueOf = (value: unknown): string | number | boolean | undefined => {
  if (value === undefined || value === null) return undefined;
  if (isScalar(value)) return value;
  const reason = `Wrong type. Expected '(<class 'str'>, <class 'int'>)', got '${classOf(value)}'`;
  throw new InvalidInput('value', value, reason);
};

const operationOf = (item: unknown): PatchOperation => {
  if (!isDict(item)) throw new InvalidInput('patch', item, `Value not a valid dict: ${str(item)}`);
  const strangers = Object.keys(item).filter((key) => !members.includes(key));
  if (strangers.length > 0) {
    const noun = strangers.length === 1 ? 'attribute' : 'attributes';
    throw new Fault(400, `Unknown ${noun} for argument patch: ${strangers.join(', ')}`);
  }
  const path = pathOf(item['path']);
  const op = opOf(item['op']);
  const value = valueOf(item['value']);
  return value === undefined ? { path, op } : { path, op, value };
};

const checkAllowed = ({ path, op, value }: PatchOperation, rules: PatchRules): void => {
  const internal = [...internalEverywhere, ...(rules.internal ?? [])];
  if (internal.includes(rootOf(path)))
    throw new Fault(400, `'${path}' is an internal attribute and can not be updated`);
  if (op === 'remove' && (rules.mandatory ?? []).includes(path.slice(1)))
    throw new Fault(400, `'${path}' is a mandatory attribute and can not be removed`);
  if (op !== 'remove' && value === undefined)
    throw new Fault(400, "'add' and 'replace' operations needs value");
};

/** The body of a PATCH as steps, or the 400 of the first fault. The target is not looked at. */
export const parsePatch = (body: unknown, rules: PatchRules): PatchDocument => {
  if (body === undefined) throw missingArgument('patch');
  if (!Array.isArray(body))
    throw new InvalidInput('patch', body, `Value not a valid list: ${str(body)}`);
  return body.map((item: unknown) => {
    const operation = operationOf(item);
    checkAllowed(operation, rules);
    return operation;
  });
};
