import 'node-forge';

declare module 'node-forge' {
  namespace asn1 {
    interface ParseOptions {
      readonly strict: boolean;
      readonly parseAllBytes: boolean;
      /** Off: a bit string stays the bytes it is, its count of unused bits first. */
      readonly decodeBitStrings: boolean;
    }
    /** `type`: a universal type, or the number of a tag. */
    function create(
      tagClass: Class,
      type: number,
      constructed: boolean,
      value: Bytes | Asn1[],
    ): Asn1;
    function fromDer(bytes: Bytes, options: ParseOptions): Asn1;
  }
}
