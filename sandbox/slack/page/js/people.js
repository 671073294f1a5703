// Choosing whom to be: the switcher that is always in sight, and the first page when nobody is chosen yet.

import { accountMenu, openAgain } from "./account.js";
import { avatar, isPerson, roleOf } from "./avatar.js";
import { Combobox, matching } from "./combobox.js";
import { el } from "./dom.js";
import { becomePerson, readRoute, routeUrl } from "./route.js";

const SHOWN_AT_FIRST = 6; // of each group on the chooser

function asOption(user) {
  const role = roleOf(user);
  return {
    key: user.id,
    label: user.real_name,
    hint: [`@${user.name}`, user.title].filter(Boolean).join(" · "),
    badge: role,
    lead: () => avatar(user),
    data: user,
  };
}

/** Members by their part, in the order in which a visitor looks for them. */
function groupsOf(users) {
  const people = users.filter(isPerson).sort((a, b) => a.real_name.localeCompare(b.real_name));
  return [
    { label: "Coordinators", options: people.filter((user) => user.is_coordinator) },
    { label: "Members", options: people.filter((user) => !user.is_mentor && !user.is_coordinator) },
    { label: "Mentors", options: people.filter((user) => user.is_mentor && !user.is_coordinator) },
  ];
}

function switcherBox(users, onChoose, props) {
  const groups = groupsOf(users).map(({ label, options }) => ({ label, options: options.map(asOption) }));
  const search = (query) =>
    groups.map(({ label, options }) => ({ label, options: matching(options, query) }));
  const box = new Combobox({
    search,
    label: "Be another person",
    placeholder: "Search people by name or role",
    minWidth: 300,
    onChange: ([option]) => option && onChoose(option.key),
    ...props,
  });
  return box;
}

/** Where another person should find themselves: in the same conversation if they are in it, else with the app. */
function samePlace(store, user) {
  const { channel, home } = readRoute();
  const conversation = store.conversations.get(channel);
  if (!conversation) return {};
  if (store.isAppDm(conversation)) return { channel: "app", home };
  return { channel: conversation.members.includes(user) ? channel : "app" };
}

/** Who one is, with their role; pressing it turns it into a search over everybody. */
export function personSwitcher(store, { compact = false } = {}) {
  const { me } = store;
  const role = roleOf(me) ?? "Member";
  const badge = el("span", { class: "badge" }, role);
  const face = el(
    "button",
    { type: "button", class: "person", "aria-label": `You are ${me.real_name}, ${role}. Be another person` },
    avatar(me, compact ? "small" : "medium"),
    el(
      "span",
      { class: "person-text" },
      el("span", { class: "person-label" }, "You are"),
      el("span", { class: "person-name" }, me.real_name),
      badge,
    ),
    el("span", { class: "person-switch" }, "Switch"),
  );
  const tellProblem = (text) => store.emit("toast", { text });
  const wrap = el(
    "div",
    { class: `switcher${compact ? " compact" : ""}` },
    face,
    accountMenu(me, tellProblem),
  );
  face.addEventListener("click", () => {
    const box = switcherBox([...store.users.values()], (user) => becomePerson(user, samePlace(store, user)), {
      inputProps: { class: "switcher-input" },
    });
    const back = () => {
      if (box.node.isConnected) box.node.replaceWith(face);
    };
    box.input.addEventListener("blur", back);
    box.input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      back();
      face.focus();
    });
    face.replaceWith(box.node);
    box.focus();
    box.open();
  });
  return wrap;
}

function personLink(user, route) {
  const role = roleOf(user);
  return el(
    "a",
    { class: "choose", href: routeUrl({ ...route, user: user.id }) },
    avatar(user, "large"),
    el(
      "span",
      { class: "choose-text" },
      el("strong", {}, user.real_name),
      el("span", {}, user.title || `@${user.name}`),
      role && el("span", { class: "badge" }, role),
    ),
  );
}

/** Those whom nobody can be just now; null if there are none. */
function closedAccounts(users, tellProblem) {
  const closed = users.filter(({ deleted }) => deleted);
  if (!closed.length) return null;
  const rows = closed.map((user) =>
    el(
      "div",
      { class: "choose closed" },
      avatar(user, "large"),
      el(
        "span",
        { class: "choose-text" },
        el("strong", {}, user.real_name),
        el("span", {}, user.title || `@${user.name}`),
        openAgain(user, tellProblem),
      ),
    ),
  );
  return el(
    "section",
    { class: "choose-section" },
    el("h2", {}, "Closed accounts ", el("span", { class: "quiet" }, String(closed.length))),
    el("p", { class: "quiet" }, "Only this stand-in lets you open them again; in Slack an administrator does."),
    el("div", { class: "choose-grid" }, rows),
  );
}

/** The page without ?user=: a friendly "who would you like to be?". */
export function chooser({ team, users }, { unknown = null, deactivated = null } = {}) {
  const route = readRoute();
  const why = unknown && !deactivated ? `Nobody here has the id ${unknown}. ` : "";
  const problem = el("p", { class: "notice", role: "alert", hidden: true });
  const tellProblem = (words) => {
    problem.hidden = false;
    problem.textContent = words;
  };
  const box = switcherBox(users, (user) => becomePerson(user), {});
  const sections = groupsOf(users)
    .filter(({ options }) => options.length)
    .map(({ label, options }) => {
      const grid = el(
        "div",
        { class: "choose-grid" },
        options.slice(0, SHOWN_AT_FIRST).map((user) => personLink(user, route)),
      );
      const rest = options.slice(SHOWN_AT_FIRST);
      const more =
        rest.length > 0 &&
        el(
          "button",
          {
            type: "button",
            class: "button",
            on: {
              click: () => {
                const links = rest.map((user) => personLink(user, route));
                grid.append(...links);
                more.remove();
                links[0].focus();
              },
            },
          },
          `Show ${rest.length} more ${label.toLowerCase()}`,
        );
      return el(
        "section",
        { class: "choose-section" },
        el("h2", {}, `${label} `, el("span", { class: "quiet" }, String(options.length))),
        grid,
        more,
      );
    });
  return el(
    "main",
    { class: "chooser" },
    el(
      "header",
      {},
      el("p", { class: "chooser-team" }, team.name),
      el("h1", {}, "Who would you like to be?"),
      el(
        "p",
        {},
        why,
        "Everyone here is invented. Pick a person to see Slack as they see it, and open further tabs to be several people at once.",
      ),
      deactivated &&
        el(
          "div",
          { class: "chooser-closed" },
          el("span", {}, `${deactivated.real_name}’s account is deactivated.`),
          openAgain(deactivated, tellProblem),
        ),
      problem,
    ),
    el("div", { class: "chooser-search" }, box.node),
    sections,
    closedAccounts(
      users.filter(({ id }) => id !== deactivated?.id),
      tellProblem,
    ),
  );
}
