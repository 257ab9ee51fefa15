import { Conflict, NotFound } from '../http/errors.js';

/** No stack of that name or id in the session's project. */
export class StackNotFound extends NotFound {
  override readonly name = 'StackNotFound';
}

/** A stack of that name exists already in the project: show it by its name and adopt it. */
export class StackExists extends Conflict {
  override readonly name = 'StackExists';
}

/** The stack is busy with another action; try again when that has ended. */
export class ActionInProgress extends Conflict {
  override readonly name = 'ActionInProgress';
}
