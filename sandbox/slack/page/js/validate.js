// The checks that Slack's clients make before a modal is submitted. Pure: blocks and values in, words out.

import { elementsOf } from "./form.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const FIELDS = [
  "value",
  "selected_option",
  "selected_options",
  "selected_date",
  "selected_time",
  "selected_date_time",
  "selected_user",
  "selected_users",
  "selected_conversation",
  "selected_conversations",
  "selected_channel",
  "selected_channels",
];

const isEmpty = (value) =>
  !value ||
  FIELDS.every((field) => {
    const entered = value[field];
    return (
      entered === undefined ||
      entered === null ||
      (typeof entered === "string" && entered.trim() === "") ||
      (Array.isArray(entered) && !entered.length)
    );
  });

function check(element, text) {
  const { type, min_length: least, max_length: most = 3000 } = element;
  if (least && text.length < least) return `Please write at least ${least} characters (now ${text.length}).`;
  if (text.length > most) return `Please keep to ${most} characters (now ${text.length}).`;
  if (type === "email_text_input" && !EMAIL.test(text))
    return "Please enter an email address, like name@example.org.";
  if (type === "url_text_input" && !/^https?:\/\/\S+\.\S+|^https?:\/\/localhost/.test(text))
    return "Please enter a web address that starts with http:// or https://.";
  if (type === "number_input") return checkNumber(element, text);
  return null;
}

function checkNumber({ is_decimal_allowed: decimals, min_value: least, max_value: most }, text) {
  if (!(decimals ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(text))
    return decimals ? "Please enter a number." : "Please enter a whole number.";
  if (least !== undefined && Number(text) < Number(least)) return `Please enter ${least} or more.`;
  if (most !== undefined && Number(text) > Number(most)) return `Please enter ${most} or less.`;
  return null;
}

/** {block_id: words} for each input block that can't be submitted as it is. */
export function findErrors(blocks, form) {
  const errors = {};
  for (const { block, blockId, element } of elementsOf(blocks)) {
    if (block.type !== "input") continue;
    const value = form.get(blockId, element.action_id);
    if (isEmpty(value)) {
      if (!block.optional) errors[blockId] = "Please fill this in: it is needed.";
    } else if (typeof value.value === "string") {
      const problem = check(element, value.value);
      if (problem) errors[blockId] = problem;
    }
  }
  return errors;
}
