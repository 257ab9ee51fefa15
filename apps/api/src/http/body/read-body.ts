import { Fault, unknownArgument } from '../errors/faults.js';

const jsonTypes = new Set(['', 'application/json', 'text/javascript', 'application/javascript']);
const formType = 'application/x-www-form-urlencoded';

/** Deeper than any body of the API, and far from what could exhaust the stack. */
const maxDepth = 64;

const notJson = (): Fault => new Fault(400, 'Request is not in valid JSON format');

const steps: ReadonlyMap<string | undefined, number> = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
]);

/** Reads each character once: what a client sends must not decide how long that takes. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') inText = !inText;
    else if (!inText) depth += steps.get(sign) ?? 0;
    else if (sign === '\\') at += 1;
    if (depth > maxDepth) return true;
  }
  return false;
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson();
  }
};

const parseJson = (text: string): unknown => {
  if (isTooDeep(text)) throw notJson();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notJson();
  }
};

/** `application/json` of `Application/JSON; charset=utf-8`. */
const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/**
 * Value of a request's body; `undefined` when it is empty, whose type nobody looks at. A form is
 * taken for arguments nobody knows. Throws 400 for what is not JSON, 415 for other types.
 */
export const readBody = (bytes: Uint8Array, contentType: string | undefined): unknown => {
  if (bytes.length === 0) return undefined;
  const type = mediaType(contentType);
  if (type === formType)
    throw unknownArgument(new URLSearchParams(decode(bytes)).keys().next().value ?? '');
  if (!jsonTypes.has(type)) throw new Fault(415, `Unknown mimetype: ${type}`);
  return parseJson(decode(bytes));
};
