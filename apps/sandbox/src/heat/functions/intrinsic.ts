import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap } from '../json.js';

/** What the functions of a template may ask of the stack around it. */
export interface Scope {
  /** Of the template's functions those that its version knows are functions. */
  readonly version: string;
  parameter(name: string): Json;
  reference(resource: string): Json;
  attribute(resource: string, path: readonly Json[]): Json;
  condition(name: string): boolean;
  file(name: string): string;
}

export interface Call {
  readonly name: string;
  readonly scope: Scope;
  evaluate(value: Json): Json;
}

export interface Intrinsic {
  /** Release of the template language that brought it. */
  readonly since: string;
  readonly apply: (args: Json, call: Call) => Json;
}

export const wrongArguments = (call: Call, expected: string): ValidationFailed =>
  new ValidationFailed(`Arguments to "${call.name}" must be ${expected}`);

export const listArguments = (args: Json, call: Call): Json[] => {
  const list = Array.isArray(args) ? args : call.evaluate(args);
  if (!Array.isArray(list)) throw wrongArguments(call, 'a list');
  return list;
};

export const mapArguments = (args: Json, call: Call): JsonMap => {
  if (!isMap(args)) throw wrongArguments(call, 'a map');
  return args;
};

/** The value as a list; nothing is an empty one. */
export const asList = (value: Json, call: Call): Json[] => {
  if (value === null) return [];
  if (!Array.isArray(value))
    throw new ValidationFailed(`"${call.name}" may only be applied to lists`);
  return value;
};
