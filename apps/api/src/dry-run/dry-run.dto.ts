import { Bool, NestedList, OneOf, Text } from '../http/body/fields.js';
import type { Members } from '../http/body/represent.js';
import { DifferenceDto, type Difference } from '../history/differences.js';

/** A check of a request, in the order they are made. */
export class CheckDto {
  @Text()
  name!: string;

  @OneOf(['ok', 'failed'])
  status!: 'ok' | 'failed';

  @Text({ description: 'What the request would be refused with.' })
  message!: string | null;
}

/** What would come of a request. */
export class DryRunDto {
  @Bool()
  dry_run!: true;

  @NestedList(() => DifferenceDto, { description: 'Once it had succeeded; none when it fails.' })
  would!: DifferenceDto[];

  @NestedList(() => CheckDto, { description: 'Up to the first that fails.' })
  checks!: CheckDto[];
}

export type Check = Members<CheckDto>;

/** The answer of a dry run. */
export interface DryRun {
  readonly dry_run: true;
  readonly would: readonly Difference[];
  readonly checks: readonly Check[];
}
