// The app's Home tab.

import { renderBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { Surface } from "./surface.js";

export class HomeTab {
  #isLoaded = false;

  constructor(page) {
    this.page = page;
    this.notice = el("div", { class: "notice", role: "alert", hidden: true });
    this.blocks = el("div", { class: "blocks" });
    this.node = el(
      "div",
      { class: "home", tabindex: "-1", "aria-label": `${page.store.app.name} home`, role: "region" },
      this.notice,
      this.blocks,
    );
    page.store.on("home", () => this.render());
  }

  /** Shows what was published last and tells the app that this person has opened its Home. */
  async open() {
    const { page } = this;
    this.render();
    await page.attempt(() => page.loadHome(), this.#say);
    this.#isLoaded = true;
    this.render();
    await page.attempt(() => page.client.openHome(), this.#say);
  }

  render() {
    const { page } = this;
    const { home: view, app } = page.store;
    if (!view) {
      this.blocks.replaceChildren(
        el(
          "p",
          { class: "empty" },
          this.#isLoaded ? `${app.name} has not published a Home for you yet.` : "Opening …",
        ),
      );
      return;
    }
    if (this.blocks.querySelector(".empty")) this.blocks.replaceChildren();
    this.surface ??= new Surface({
      kind: "home",
      client: page.client,
      people: page.people,
      form: page.forms.of("home"),
      onNotice: this.#say,
    });
    this.surface.container = { type: "view", view_id: view.id };
    this.surface.saved = view.state?.values ?? {};
    renderBlocks(this.blocks, view.blocks, this.surface);
  }

  #say = (words) => {
    this.notice.hidden = !words;
    this.notice.replaceChildren(...(words ? [icon("warn"), el("span", {}, words)] : []));
  };
}
