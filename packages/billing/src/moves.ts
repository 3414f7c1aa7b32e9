/** Every move of a thing: from which states each event leads to which. There is no other. */
export type Moves<State extends string, Event extends string> = Readonly<
  Record<Event, { readonly from: readonly State[]; readonly to: State }>
>;

/** The function that gives the state after an event; undefined when the event changes nothing in this state. */
export const movesBy =
  <State extends string, Event extends string>(moves: Moves<State, Event>) =>
  (state: State, event: Event): State | undefined => {
    const { from, to } = moves[event];
    return from.includes(state) ? to : undefined;
  };
