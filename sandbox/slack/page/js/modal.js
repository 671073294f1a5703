// Modals: a stack of views of which the top one is shown. Escape and × close them all, Close goes one back, as in Slack.

import { renderBlocks } from "./blocks.js";
import { announce, el, icon, iconButton, trapFocus, uniqueId } from "./dom.js";
import { renderPlain } from "./mrkdwn.js";
import { Surface } from "./surface.js";
import { findErrors } from "./validate.js";

export class ModalLayer {
  #top = null; // the view that is shown
  #surfaces = new Map();
  #errors = {}; // of the last submission: {block_id: words}

  constructor(page) {
    this.page = page;
    const titleId = uniqueId("modal");
    this.title = el("h2", { class: "dialog-title", id: titleId });
    this.blocks = el("div", { class: "blocks" });
    this.notice = el("div", { class: "notice", role: "alert", hidden: true });
    this.body = el("div", { class: "dialog-body", tabindex: "-1" }, this.blocks);
    this.submitButton = el("button", { type: "submit", class: "button primary" });
    this.closeButton = el("button", {
      type: "button",
      class: "button",
      on: { click: () => this.#close(false) },
    });
    const form = el(
      "form",
      { novalidate: true },
      el(
        "header",
        { class: "dialog-head" },
        this.title,
        iconButton("close", "Close", () => this.#close(true)),
      ),
      this.body,
      el("footer", { class: "dialog-foot" }, this.notice, this.closeButton, this.submitButton),
    );
    this.dialog = el("dialog", { class: "dialog modal", "aria-labelledby": titleId }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.dialog.addEventListener("cancel", (event) => {
      if (event.target !== this.dialog) return;
      event.preventDefault();
      this.#close(true);
    });
    trapFocus(this.dialog);
    document.body.append(this.dialog);
    page.store.on("modals", () => this.render());
  }

  render() {
    const { modals } = this.page.store;
    const open = new Set(modals.map(({ id }) => id));
    for (const id of this.#surfaces.keys()) {
      if (open.has(id)) continue;
      this.#surfaces.delete(id);
      this.page.forms.drop(`view ${id}`);
    }
    const view = modals.at(-1) ?? null;
    const isOther = view?.id !== this.#top?.id;
    this.#top = view;
    if (!view) {
      if (this.dialog.open) this.dialog.close();
      this.blocks.replaceChildren();
      return;
    }
    this.title.replaceChildren(renderPlain(view.title.text));
    this.closeButton.replaceChildren(renderPlain(view.close?.text ?? (modals.length > 1 ? "Back" : "Close")));
    this.submitButton.replaceChildren(
      el("span", { class: "button-label" }, renderPlain(view.submit?.text ?? "Submit")),
      el("span", { class: "spinner", "aria-hidden": "true" }),
    );
    this.submitButton.hidden = !view.submit;
    if (isOther) {
      this.#errors = {};
      this.#say(null);
      this.blocks.replaceChildren();
      this.#setBusy(false);
    }
    renderBlocks(this.blocks, view.blocks, this.#surface(view), this.#errors);
    if (!this.dialog.open) this.dialog.showModal();
    if (isOther) this.#focusFirst(view);
  }

  #surface(view) {
    if (!this.#surfaces.has(view.id)) {
      const { client, people, forms } = this.page;
      this.#surfaces.set(
        view.id,
        new Surface({
          kind: "modal",
          container: { type: "view", view_id: view.id },
          client,
          people,
          form: forms.of(`view ${view.id}`),
          onNotice: (words) => this.#say(words),
        }),
      );
    }
    const surface = this.#surfaces.get(view.id);
    surface.saved = view.state?.values ?? {};
    return surface;
  }

  #focusFirst(view) {
    this.body.scrollTop = 0;
    const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.element.action_id;
    const first =
      (wanted && this.blocks.querySelector(`[data-action-id="${CSS.escape(wanted)}"]`)) ||
      this.blocks.querySelector("input,textarea,button,a[href]");
    (first ?? (view.submit ? this.submitButton : this.closeButton)).focus();
  }

  async #submit() {
    const view = this.#top;
    if (!view || this.submitButton.disabled) return;
    const surface = this.#surface(view);
    const missing = findErrors(surface.blocks, surface.form);
    if (Object.keys(missing).length) return this.#showErrors(missing);
    this.#say(null);
    this.#setBusy(true);
    try {
      const answer = await this.page.client.submitView(view.id, surface.state);
      this.#setBusy(false);
      if (answer.errors && Object.keys(answer.errors).length) return this.#showErrors(answer.errors);
      this.#errors = {};
      await this.page.syncModals();
    } catch (error) {
      this.#setBusy(false);
      this.#say(error.message);
    }
  }

  #showErrors(errors) {
    this.#errors = errors;
    this.render();
    const shown = [...this.blocks.querySelectorAll(".invalid")];
    shown[0]?.querySelector("input,textarea,button")?.focus({ preventScroll: true });
    shown[0]?.scrollIntoView({ block: "nearest" });
    const homeless = Object.entries(errors).filter(
      ([id]) => !this.blocks.querySelector(`.invalid[data-block-id="${CSS.escape(id)}"]`),
    );
    this.#say(homeless.length ? homeless.map(([, words]) => words).join(" ") : null);
    announce(
      shown.length === 1 ? "One field needs another look." : `${shown.length} fields need another look.`,
    );
  }

  /** @param all true closes every view (×, Escape); false only the one on top */
  async #close(all) {
    const view = this.#top;
    if (!view) return;
    const { store, client } = this.page;
    if (all) store.setModals([]);
    else store.dropModal(view.id);
    await this.page.attempt(() => client.closeView(view.id, all));
  }

  #setBusy(isBusy) {
    this.submitButton.disabled = isBusy;
    this.submitButton.dataset.busy = isBusy ? "1" : "0";
    this.submitButton.setAttribute("aria-busy", String(isBusy));
  }

  #say(words) {
    this.notice.hidden = !words;
    this.notice.replaceChildren(...(words ? [icon("warn"), el("span", {}, words)] : []));
  }
}
