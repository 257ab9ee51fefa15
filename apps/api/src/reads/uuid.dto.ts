import { Uuid } from '../http/body/fields.js';

/** What is told of something that has only been accepted. */
export class UuidDto {
  @Uuid()
  uuid!: string;
}
