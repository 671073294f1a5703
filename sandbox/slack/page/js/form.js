// What a person has typed or picked in one surface (a message, a modal, an App Home), by block and action,
// in the shapes of Slack's state.values. It outlives re-rendering: an updated view keeps what was typed.

export class FormState {
  #values = new Map(); // "block\naction" → {type, …}

  /**
   * Declares an input and returns what it should show: what was entered under the same ids and type,
   * else `initial` ({type, …} with Slack's field name for that type).
   */
  declare(blockId, actionId, initial) {
    const kept = this.get(blockId, actionId);
    if (!kept || kept.type !== initial.type) this.set(blockId, actionId, initial);
    return this.get(blockId, actionId);
  }

  set(blockId, actionId, value) {
    this.#values.set(`${blockId}\n${actionId}`, value);
  }

  get(blockId, actionId) {
    return this.#values.get(`${blockId}\n${actionId}`) ?? null;
  }

  /** {values: {block_id: {action_id: {type, …}}}} for the inputs of `blocks`, and no others. */
  state(blocks) {
    const values = {};
    for (const { blockId, element } of elementsOf(blocks)) {
      const value = this.get(blockId, element.action_id);
      if (value) (values[blockId] ??= {})[element.action_id] = value;
    }
    return { values };
  }
}

/** Every interactive element of the blocks: [{blockId, block, element}]. */
export function elementsOf(blocks) {
  const found = [];
  for (const block of blocks ?? []) {
    const elements =
      { input: [block.element], section: [block.accessory], actions: block.elements }[block.type] ?? [];
    for (const element of elements)
      if (element?.action_id) found.push({ blockId: block.block_id, block, element });
  }
  return found;
}

/** FormStates by surface key; made when first asked for. */
export class FormStates {
  #states = new Map();

  of(key) {
    if (!this.#states.has(key)) this.#states.set(key, new FormState());
    return this.#states.get(key);
  }

  drop(key) {
    this.#states.delete(key);
  }
}
