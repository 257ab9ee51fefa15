import { childrenOf, dottedOf, oid, sequence, set, textOf, utf8, type Node } from './asn1.js';

/** Attribute types with a short name in RFC 4514 and its kin. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

const OIDS: ReadonlyMap<string, string> = new Map(
  Object.entries(ATTRIBUTES).map(([dotted, name]) => [name, dotted]),
);

/** A Name of these attributes, one a set, in this order: `distinguishedName(['CN', 'admin'])`. */
export const distinguishedName = (...attributes: (readonly ['CN' | 'O', string])[]): Node =>
  sequence(
    ...attributes.map(([name, value]) => set(sequence(oid(OIDS.get(name) ?? name), utf8(value)))),
  );

/**
 * A Name in the order it is written in, `CN=admin,O=system:masters`, with RFC 4514's escapes. Also
 * the check that it is one: throws MalformedDer.
 */
export const nameText = (name: Node): string =>
  childrenOf(name, 'sequence')
    .map((rdn) => childrenOf(rdn, 'set').map(attributeText).join('+'))
    .join(',');

const attributeText = (attribute: Node): string => {
  const [type, value] = childrenOf(attribute, 'sequence');
  const dotted = dottedOf(type);
  return `${ATTRIBUTES[dotted] ?? dotted}=${escaped(value ? textOf(value) : '')}`;
};

const escaped = (value: string): string =>
  value.replace(/[\\,+"<>;=]/g, '\\$&').replace(/^[ #]|(?<=.) $/g, '\\$&');
