import { Fault } from '../errors/faults.js';
import { isDict } from '../body/containers.js';
import { typeMember, type Typing } from '../body/typing.js';
import { parseLiteral } from '../python/literal.js';
import { repr } from '../python/repr.js';
import {
  rootOf,
  type PatchDocument,
  type PatchOperation,
  type PatchRules,
} from './patch-document.js';

type Document = Record<string, unknown>;
type Step = Omit<PatchOperation, 'value'> & { readonly value?: unknown };

/** Why a step cannot be taken; becomes part of the 400. */
class Conflict extends Error {}

const isRoot = (path: string): boolean => path.lastIndexOf('/') === 0;

const checkRootAdd = ({ op, path }: PatchOperation, target: Document): void => {
  if (op !== 'add' || !isRoot(path)) return;
  const name = rootOf(path);
  if (!Object.hasOwn(target, name))
    throw new Fault(
      400,
      `Adding a new attribute ${path} to the root of the resource is not allowed.`,
    );
  if (target[name] !== null && target[name] !== undefined)
    throw new Fault(
      400,
      `The attribute ${path} has existed, please use 'replace' operation instead.`,
    );
};

/** Maps and lists, whatever they belong to: their new value is written as a Python literal. */
const literals = new Set(['/labels', '/health_status_reason', '/node_labels', '/node_taints']);

const withLiteral = (step: PatchOperation): Step => {
  if (step.op === 'remove' || !literals.has(step.path)) return step;
  return typeof step.value === 'string' ? { ...step, value: parseLiteral(step.value) } : step;
};

const indexOf = (key: string, list: readonly unknown[], op: Step['op']): number => {
  if (key === '-' && op === 'add') return list.length;
  if (!/^(0|[1-9]\d*)$/.test(key)) throw new Conflict(`'${key}' is not a valid sequence index`);
  const index = Number(key);
  if (index < list.length || (op === 'add' && index === list.length)) return index;
  throw new Conflict(op === 'add' ? "can't insert outside of list" : `can't ${op} outside of list`);
};

const changedList = (list: readonly unknown[], key: string, { op, value }: Step): unknown[] => {
  const index = indexOf(key, list, op);
  const removed = op === 'add' ? 0 : 1;
  const inserted = op === 'remove' ? [] : [value];
  return list.toSpliced(index, removed, ...inserted);
};

const changedDict = (dict: Document, key: string, { op, value }: Step): Document => {
  if (op !== 'add' && !Object.hasOwn(dict, key))
    throw new Conflict(`can't ${op} a non-existent object '${key}'`);
  const others = Object.entries(dict).filter(([name]) => name !== key);
  if (op === 'remove') return Object.fromEntries(others);
  return Object.hasOwn(dict, key)
    ? Object.fromEntries(
        Object.entries(dict).map(([name, old]) => [name, name === key ? value : old]),
      )
    : Object.fromEntries([...others, [key, value]]);
};

const child = (container: unknown, key: string): unknown => {
  if (Array.isArray(container)) return container[indexOf(key, container, 'replace')];
  if (isDict(container) && Object.hasOwn(container, key)) return container[key];
  throw new Conflict(`member '${key}' not found in ${repr(container)}`);
};

/** The container with the step taken at the end of `path`; containers on the way are copied. */
const stepped = (container: unknown, path: readonly string[], step: Step): unknown => {
  const [key = '', ...rest] = path;
  if (rest.length > 0) {
    const inner = stepped(child(container, key), rest, step);
    const replace: Step = { op: 'replace', path: key, value: inner };
    return Array.isArray(container)
      ? changedList(container, key, replace)
      : changedDict(container as Document, key, replace);
  }
  if (Array.isArray(container)) return changedList(container, key, step);
  if (isDict(container)) return changedDict(container, key, step);
  throw new Conflict(`unable to fully resolve json pointer ${step.path}, part ${key}`);
};

/** A removed root attribute keeps its place with what the rules say it becomes. */
const taken = (document: Document, step: Step, { removed = {} }: PatchRules): Document => {
  const name = rootOf(step.path);
  if (step.op === 'remove' && isRoot(step.path) && Object.hasOwn(document, name))
    return { ...document, [name]: removed[name] ?? null };
  return stepped(document, step.path.split('/').slice(1), step) as Document;
};

const failed = (patch: PatchDocument, reason: unknown): Fault => {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new Fault(400, `Couldn't apply patch '${repr(patch)}'. Reason: ${text}`);
};

const steps = (patch: PatchDocument, target: Document, rules: PatchRules): Document => {
  try {
    return patch.reduce((document, step) => taken(document, withLiteral(step), rules), target);
  } catch (error) {
    throw failed(patch, error);
  }
};

/**
 * The resource, as clients see it, after a patch. Attributes the patch touches are typed as the
 * rules' class types them (numeric text becomes a number). The target is left alone.
 * Throws the 400 of whatever cannot be done.
 */
export const applyPatch = (
  target: Readonly<Record<string, unknown>>,
  patch: PatchDocument,
  { rules, typing }: { readonly rules: PatchRules; readonly typing: Typing },
): Record<string, unknown> => {
  for (const step of patch) checkRootAdd(step, target);
  const result = steps(patch, target, rules);
  for (const name of new Set(patch.map(({ path }) => rootOf(path))))
    result[name] = typeMember(rules.dto, { name, value: result[name] }, typing);
  return result;
};

const isEqual = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => isEqual((one as Document)[key], (other as Document)[key]))
  );
};

/** Names of the root attributes that differ, in order. Absent and null are the same. */
export const changedAttributes = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isEqual(before[name] ?? null, after[name] ?? null))
    .sort();
