import { Text } from '../http/body/fields.js';

/** Where a resource is found. */
export class LinkDto {
  @Text()
  href!: string;

  @Text({ description: '`self` or `bookmark`.' })
  rel!: string;
}
