import { HeatError } from '../heat-error.js';
import type { Json } from '../json.js';
import { atPath, toText } from '../json.js';
import type { Call, Intrinsic } from './intrinsic.js';
import { wrongArguments } from './intrinsic.js';

const getParam = (args: Json, call: Call): Json => {
  const given = call.evaluate(args);
  const [name, ...path] = Array.isArray(given) ? given : [given];
  if (typeof name !== 'string') throw wrongArguments(call, 'a parameter name or a path');
  const value = call.scope.parameter(name);
  return path.length === 0 ? value : (atPath(value, path) ?? '');
};

const getResource = (args: Json, call: Call): Json => {
  const name = call.evaluate(args);
  if (typeof name !== 'string') throw wrongArguments(call, 'a resource name');
  return call.scope.reference(name);
};

const getAttr = (args: Json, call: Call): Json => {
  const given = call.evaluate(args);
  const [name, ...path] = Array.isArray(given) ? given : [];
  if (typeof name !== 'string') {
    throw wrongArguments(call, 'of the form [resource_name, attribute, (path), ...]');
  }
  return call.scope.attribute(name, path);
};

const getFile = (args: Json, call: Call): Json => call.scope.file(toText(call.evaluate(args)));

/** The language of OpenStack's YAQL is no part of this stand-in. */
const yaql = (): Json => {
  throw new HeatError(400, 'StackValidationFailed', 'The sandbox does not evaluate "yaql"');
};

export const references: Readonly<Record<string, Intrinsic>> = {
  get_param: { since: '2013-05-23', apply: getParam },
  get_resource: { since: '2013-05-23', apply: getResource },
  get_attr: { since: '2013-05-23', apply: getAttr },
  get_file: { since: '2013-05-23', apply: getFile },
  yaql: { since: '2016-10-14', apply: yaql },
};
