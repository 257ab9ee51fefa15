import { createHash } from 'node:crypto';
import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapValues, toJsonText, toText } from '../json.js';
import type { Call, Intrinsic } from './intrinsic.js';
import { asList, listArguments, mapArguments, wrongArguments } from './intrinsic.js';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const substitute = (template: string, values: JsonMap): string => {
  const keys = Object.keys(values).filter((key) => key !== '');
  if (keys.length === 0) return template;
  // The longest key wins, and what was put in is not looked at again.
  const longestFirst = keys.sort((a, b) => b.length - a.length).map(escaped);
  return template.replace(new RegExp(longestFirst.join('|'), 'g'), (key) => toText(values[key]));
};

const replacement = (args: Json, call: Call): { template: string; params: JsonMap } => {
  const { template, params } = mapArguments(args, call);
  if (template === undefined || params === undefined) {
    throw wrongArguments(call, 'a map with keys "template" and "params"');
  }
  const values = call.evaluate(params);
  if (!isMap(values)) throw new ValidationFailed(`"${call.name}" parameters must be a mapping`);
  return { template: toText(call.evaluate(template)), params: values };
};

const strReplace = (args: Json, call: Call): Json => {
  const { template, params } = replacement(args, call);
  return substitute(template, params);
};

const strReplaceStrict = (args: Json, call: Call): Json => {
  const { template, params } = replacement(args, call);
  const missing = Object.keys(params).filter((key) => !template.includes(key));
  if (missing.length > 0) {
    throw new ValidationFailed(
      `The following params were not found in the template: ${missing.join(',')}`,
    );
  }
  return substitute(template, params);
};

const strReplaceVstrict = (args: Json, call: Call): Json => {
  const { params } = replacement(args, call);
  const empty = Object.keys(params).filter((key) => toText(params[key]) === '');
  if (empty.length > 0) {
    throw new ValidationFailed(
      `The following params were not provided a value in "${call.name}": ${empty.join(',')}`,
    );
  }
  return strReplaceStrict(args, call);
};

const joined = (item: Json): string =>
  item === null ? '' : typeof item === 'string' ? item : toJsonText(item);

const listJoin = (args: Json, call: Call): Json => {
  const [delimiter, ...lists] = listArguments(args, call);
  if (delimiter === undefined) throw wrongArguments(call, 'of the form [delimiter, list, ...]');
  const items = lists.flatMap((list) => asList(call.evaluate(list), call));
  return items.map(joined).join(toText(call.evaluate(delimiter)));
};

const strSplit = (args: Json, call: Call): Json => {
  const [delimiter, text, index] = listArguments(args, call).map((item) => call.evaluate(item));
  if (delimiter === undefined || text === undefined) {
    throw wrongArguments(call, 'of the form [delimiter, string] or [delimiter, string, index]');
  }
  if (text === null) return null;
  const parts = toText(text).split(toText(delimiter));
  if (index === undefined) return parts;
  const part = parts[Number(index)];
  if (part === undefined) {
    throw new ValidationFailed(
      `Incorrect index to "${call.name}" should be between 0 and ${parts.length - 1}`,
    );
  }
  return part;
};

const digest = (args: Json, call: Call): Json => {
  const [algorithm, text] = listArguments(args, call).map((item) => call.evaluate(item));
  if (typeof algorithm !== 'string' || typeof text !== 'string') {
    throw wrongArguments(call, 'a list of strings');
  }
  return createHash(algorithm).update(text).digest('hex');
};

const credentials = (given: JsonMap): string => {
  if (given.username === undefined) return '';
  const password =
    given.password === undefined ? '' : `:${encodeURIComponent(toText(given.password))}`;
  return `${encodeURIComponent(toText(given.username))}${password}@`;
};

const queryText = (query: Json | undefined): string => {
  if (!isMap(query)) return query === undefined ? '' : `?${toText(query)}`;
  return `?${new URLSearchParams(mapValues(query, toText)).toString()}`;
};

const makeUrl = (args: Json, call: Call): Json => {
  const given = call.evaluate(mapArguments(args, call));
  if (!isMap(given)) throw wrongArguments(call, 'a map');
  const host = toText(given.host);
  const port = given.port === undefined ? '' : `:${toText(given.port)}`;
  const authority =
    credentials(given) + (host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host) + port;
  const path = toText(given.path).replace(/^(?=[^/])/, '/');
  const scheme = given.scheme === undefined ? '' : `${toText(given.scheme)}:`;
  const fragment = given.fragment === undefined ? '' : `#${toText(given.fragment)}`;
  return `${scheme}//${authority}${path}${queryText(given.query)}${fragment}`;
};

export const text: Readonly<Record<string, Intrinsic>> = {
  str_replace: { since: '2013-05-23', apply: strReplace },
  str_replace_strict: { since: '2017-02-24', apply: strReplaceStrict },
  str_replace_vstrict: { since: '2018-03-02', apply: strReplaceVstrict },
  list_join: { since: '2014-10-16', apply: listJoin },
  str_split: { since: '2015-10-15', apply: strSplit },
  digest: { since: '2015-04-30', apply: digest },
  make_url: { since: '2017-09-01', apply: makeUrl },
};
