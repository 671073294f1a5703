// Every kind of select menu: one combobox, told where its options come from and which field it fills.

import { avatar } from "../avatar.js";
import { Combobox, matching } from "../combobox.js";
import { plainOption } from "./choices.js";

const TYPING_PAUSE_MS = 150;

const asChoice = (option) => ({
  key: option.value,
  label: option.text.text,
  hint: option.description?.text,
  data: plainOption(option),
});

function groupsOf({ options, option_groups: groups }) {
  if (groups)
    return groups.map(({ label, options: inner }) => ({ label: label.text, options: inner.map(asChoice) }));
  return [{ options: (options ?? []).map(asChoice) }];
}

/** A combobox for one select element. `toChoice` turns a stored value into a combobox option. */
function renderSelect(context, { field, initial, multiple, search, toChoice }) {
  const stored = context.declare(field, initial);
  const kept = (multiple ? (stored ?? []) : stored === null ? [] : [stored]).map(toChoice);
  let before = kept;
  const box = new Combobox({
    search,
    multiple,
    selected: kept,
    placeholder: context.placeholder || (multiple ? "Choose one or more" : "Choose one"),
    labelledBy: context.labelId,
    label: context.naming["aria-label"],
    describedBy: context.describedBy,
    clearable: context.isInput && Boolean(context.block.optional),
    minWidth: 240,
    max: context.element.max_selected_items ?? Infinity,
    inputProps: { "data-action-id": context.element.action_id },
    onChange: async (selected) => {
      const values = selected.map(({ data }) => data);
      const accepted = await context.commit(field, multiple ? values : (values[0] ?? null), box.node);
      if (accepted) before = selected;
      else {
        box.select(before);
        context.store(field, multiple ? before.map(({ data }) => data) : (before[0]?.data ?? null));
      }
    },
  });
  return box.node;
}

const optionFields = (element, multiple) =>
  multiple
    ? { field: "selected_options", initial: element.initial_options?.map(plainOption) ?? [] }
    : {
        field: "selected_option",
        initial: element.initial_option ? plainOption(element.initial_option) : null,
      };

export const renderStaticSelect = (multiple) => (context) => {
  const groups = groupsOf(context.element);
  const search = (query) =>
    groups.map(({ label, options }) => ({ label, options: matching(options, query) }));
  return renderSelect(context, {
    ...optionFields(context.element, multiple),
    multiple,
    search,
    toChoice: asChoice,
  });
};

export const renderExternalSelect = (multiple) => (context) => {
  const { element, surface, block } = context;
  const least = element.min_query_length ?? 3; // Slack's default
  let timer;
  const search = (query) => {
    clearTimeout(timer);
    if (query.length < least)
      return Promise.reject(
        new Error(`Type at least ${least} ${least === 1 ? "character" : "characters"} to search.`),
      );
    return new Promise((resolve, reject) => {
      timer = setTimeout(
        () => surface.options(block, element, query).then(groupsOf).then(resolve, reject),
        query ? TYPING_PAUSE_MS : 0,
      );
    });
  };
  return renderSelect(context, { ...optionFields(element, multiple), multiple, search, toChoice: asChoice });
};

export const renderUsersSelect = (multiple) => (context) => {
  const { people } = context.surface;
  const toChoice = (id) => {
    const user = people.users.get(id);
    return {
      key: id,
      label: user?.real_name ?? id,
      hint: user && `@${user.name}`,
      lead: user && (() => avatar(user)),
      data: id,
    };
  };
  const everyone = [...people.users.values()]
    .filter(({ deleted }) => !deleted)
    .map(({ id }) => toChoice(id))
    .sort(byLabel);
  return renderSelect(context, {
    field: multiple ? "selected_users" : "selected_user",
    initial: multiple ? (context.element.initial_users ?? []) : (context.element.initial_user ?? null),
    multiple,
    toChoice,
    search: (query) => [{ options: matching(everyone, query) }],
  });
};

/** conversations_select and channels_select; `kind` is "conversation" or "channel". */
export const renderConversationsSelect = (kind, multiple) => (context) => {
  const { people } = context.surface;
  const toChoice = (id) => ({ key: id, label: people.conversationTitle(id), data: id });
  const search = (query) => [
    {
      options: matching(
        people
          .conversationIds(kind === "channel")
          .map(toChoice)
          .sort(byLabel),
        query,
      ),
    },
  ];
  const name = multiple ? `${kind}s` : kind;
  return renderSelect(context, {
    field: `selected_${name}`,
    initial: context.element[`initial_${name}`] ?? (multiple ? [] : null),
    multiple,
    toChoice,
    search,
  });
};

const byLabel = (a, b) => a.label.localeCompare(b.label);
