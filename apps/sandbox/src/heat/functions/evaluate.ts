import type { Json, JsonMap } from '../json.js';
import { isMap, listOf, mapValues } from '../json.js';
import { collections } from './collections.js';
import type { Call, Intrinsic, Scope } from './intrinsic.js';
import { branch, logic } from './logic.js';
import { references } from './references.js';
import { text } from './text.js';

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  ...references,
  ...logic,
  ...text,
  ...collections,
};

const callOf = (
  value: JsonMap,
  scope: Scope,
): { intrinsic: Intrinsic; args: Json; call: Call } | undefined => {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, args] = entry;
  const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  // A function of a later release is a plain map to an earlier template version.
  if (intrinsic === undefined || intrinsic.since > scope.version) return undefined;
  return { intrinsic, args, call: { name, scope, evaluate: (inner) => evaluate(inner, scope) } };
};

/** The value with every function in it replaced by its result. */
export const evaluate = (value: Json, scope: Scope): Json => {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (!isMap(value)) return value;
  const found = callOf(value, scope);
  if (found !== undefined) return found.intrinsic.apply(found.args, found.call);
  return mapValues(value, (item) => evaluate(item, scope));
};

/** As {@link evaluate}, but a function that needs a resource yields nothing. */
export const evaluateKnown = (value: Json, scope: Scope): Json => {
  if (Array.isArray(value)) return value.map((item) => evaluateKnown(item, scope));
  if (!isMap(value)) return value;
  if (callOf(value, scope) !== undefined) {
    return referencesIn(value, scope).length > 0 ? null : evaluate(value, scope);
  }
  return mapValues(value, (item) => evaluateKnown(item, scope));
};

/** A resource that a value refers to, with the attribute asked of it. */
export interface Reference {
  readonly resource: string;
  readonly attribute?: Json;
  readonly path: readonly (string | number)[];
}

const ownReference = (
  { args, call }: { args: Json; call: Call },
  path: Reference['path'],
): Reference[] => {
  const [resource, attribute] = call.name === 'get_attr' ? listOf(args) : [args];
  if (typeof resource !== 'string') return [];
  return [{ resource, path, ...(attribute === undefined ? {} : { attribute }) }];
};

const isReference = (name: string | undefined): boolean =>
  name === 'get_resource' || name === 'get_attr';

/** Resources that the value refers to; of `if` only the branch that is taken. */
export const referencesIn = (
  value: Json,
  scope: Scope,
  path: Reference['path'] = [],
): Reference[] => {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => referencesIn(item, scope, [...path, index]));
  }
  if (!isMap(value)) return [];
  const found = callOf(value, scope);
  if (found?.call.name === 'if') {
    return referencesIn(branch(found.args, found.call), scope, path);
  }
  const own = found && isReference(found.call.name) ? ownReference(found, path) : [];
  const within = Object.entries(value).flatMap(([key, item]) =>
    referencesIn(item, scope, [...path, key]),
  );
  return [...own, ...within];
};
