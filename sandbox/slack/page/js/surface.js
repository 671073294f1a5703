// Where blocks live: a message, a modal or an App Home. A surface knows how to send an action with its state.

import { askToConfirm } from "./confirm.js";

export class Surface {
  #pending = 0;

  /**
   * @param container what the client API calls the container: {type: "message", …} or {type: "view", view_id}
   * `saved` may hold state.values that the server kept for a view (after the page was loaded anew).
   *
   * @param onNotice (text or null) => void: shows what went wrong beside the surface, or takes it away
   */
  constructor({ kind, container, form, client, people, onNotice }) {
    Object.assign(this, { kind, container, form, client, people, onNotice, blocks: [], saved: {} });
  }

  get state() {
    return this.form.state(this.blocks);
  }

  /**
   * Sends one block action. `control` shows that it is busy until the app has answered; a second
   * click sends a second action, as in Slack. Answers false when a confirmation was declined.
   */
  async act(block, element, fields, control) {
    if (element.confirm && !(await askToConfirm(element.confirm, this.people))) return false;
    const action = { block_id: block.block_id, action_id: element.action_id, type: element.type, ...fields };
    this.#pending += 1;
    busy(control, +1);
    try {
      await this.client.act({ container: this.container, action, state: this.state });
      if (this.#pending === 1) this.onNotice(null);
    } catch (error) {
      this.onNotice(error.message);
    } finally {
      this.#pending -= 1;
      busy(control, -1);
    }
    return true;
  }

  /** Asks the app for the options of an external select. */
  options(block, element, value) {
    return this.client.options({
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      value,
    });
  }
}

function busy(control, change) {
  const count = Number(control.dataset.busy ?? 0) + change;
  control.dataset.busy = String(count);
  control.setAttribute("aria-busy", String(count > 0));
}
