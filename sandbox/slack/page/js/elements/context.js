// What an element needs to know of its block and surface, and how it stores and sends its value.

export class ElementContext {
  /**
   * @param labelId id of the node that names the element (an input block's label), or null
   * @param describedBy ids of hint and error nodes, or null
   */
  constructor({ surface, block, element, labelId = null, describedBy = null }) {
    Object.assign(this, { surface, block, element, labelId, describedBy });
  }

  get isInput() {
    return this.block.type === "input";
  }

  /** Elements outside input blocks act at once; inside, only with dispatch_action. */
  get dispatches() {
    return !this.isInput || Boolean(this.block.dispatch_action);
  }

  get placeholder() {
    return this.element.placeholder?.text ?? "";
  }

  /** Attributes that name and describe the control to assistive technology. */
  get naming() {
    const label = this.labelId
      ? null
      : this.element.accessibility_label || this.placeholder || this.element.action_id;
    return {
      "aria-labelledby": this.labelId,
      "aria-label": label,
      "aria-describedby": this.describedBy,
      "data-action-id": this.element.action_id,
    };
  }

  /** What to show at first: what was entered here, what the server kept, or `initial`. */
  declare(field, initial) {
    const { block_id: blockId } = this.block;
    const { action_id: actionId, type } = this.element;
    const saved = this.surface.saved[blockId]?.[actionId]?.[field];
    return this.surface.form.declare(blockId, actionId, { type, [field]: saved ?? initial ?? null })[field];
  }

  store(field, value) {
    this.surface.form.set(this.block.block_id, this.element.action_id, {
      type: this.element.type,
      [field]: value,
    });
  }

  /** Sends the element's action whatever kind of block it is in. */
  send(fields, control) {
    return this.surface.act(this.block, this.element, fields, control);
  }

  /** Stores a value and sends it if this element acts at once. Answers false when confirmation was declined. */
  async commit(field, value, control) {
    this.store(field, value);
    return this.dispatches ? this.send({ [field]: value }, control) : true;
  }
}
