// Block Kit elements by type.

import { el } from "../dom.js";
import { renderButton, renderOverflow } from "./buttons.js";
import { renderCheckboxes, renderRadioButtons } from "./choices.js";
import { ElementContext } from "./context.js";
import { renderDatepicker, renderDatetimepicker, renderTimepicker } from "./pickers.js";
import {
  renderConversationsSelect,
  renderExternalSelect,
  renderStaticSelect,
  renderUsersSelect,
} from "./selects.js";
import { renderTextInput } from "./text.js";

const RENDERERS = {
  button: renderButton,
  overflow: renderOverflow,
  plain_text_input: renderTextInput,
  email_text_input: renderTextInput,
  url_text_input: renderTextInput,
  number_input: renderTextInput,
  static_select: renderStaticSelect(false),
  multi_static_select: renderStaticSelect(true),
  external_select: renderExternalSelect(false),
  multi_external_select: renderExternalSelect(true),
  users_select: renderUsersSelect(false),
  multi_users_select: renderUsersSelect(true),
  conversations_select: renderConversationsSelect("conversation", false),
  multi_conversations_select: renderConversationsSelect("conversation", true),
  channels_select: renderConversationsSelect("channel", false),
  multi_channels_select: renderConversationsSelect("channel", true),
  datepicker: renderDatepicker,
  timepicker: renderTimepicker,
  datetimepicker: renderDatetimepicker,
  checkboxes: renderCheckboxes,
  radio_buttons: renderRadioButtons,
};

/** Renders one element of a block; a kind that is not offered here says so instead of vanishing. */
export function renderElement(element, placement) {
  const render = RENDERERS[element.type];
  if (!render)
    return el(
      "span",
      { class: "unknown" },
      `(an element of type ${element.type}, which this stand-in does not show)`,
    );
  return render(new ElementContext({ element, ...placement }));
}
