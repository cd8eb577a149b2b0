// One request: its tool results, and what was sent for each.

const fidelities = {
  identical: "turns back into the same bytes", normalized: "presentation removed, no content", lossless: "the same information",
  lossy: "content cut, the original is stored",
};

/** As much of a text as is shown at once, in characters. */
const mostShown = 200_000;

const detailDialog = find("detail");
find("detail-close").addEventListener("click", () => detailDialog.close());
detailDialog.addEventListener("click", event => {
  if (event.target === detailDialog) detailDialog.close();
});

/** Counts what was asked for, so that an answer which comes late is dropped. */
let asked = 0;

const openDetail = async id => {
  const mine = ++asked;
  setText(find("detail-title"), "Request");
  setText(find("detail-facts"), "Loading");
  find("detail-blocks").replaceChildren();
  find("detail-texts").replaceChildren();
  if (!detailDialog.open) detailDialog.showModal();
  try {
    const { request, blocks } = await getJSON(`dashboard/requests/${id}`);
    if (mine === asked) showDetail(id, request, blocks);
  } catch (error) {
    if (mine === asked) setText(find("detail-facts"), error.message);
  }
};

const showDetail = (id, request, blocks) => {
  setText(find("detail-title"), [request.time.slice(11, 19), named(request.agent), named(request.model)].join(" · "));
  const shortened = blocks.filter(block => block.encoder !== undefined).length;
  setText(find("detail-facts"), [
    request.format,
    blocks.length ? `${plural(blocks.length, "tool result", "tool results")}, ${exact(shortened)} shortened` : "no tool results",
    blocks.length && `${exact(request.tokens_before)} → ${exact(request.tokens_before - request.tokens_saved - request.tokens_audited)} tokens`,
    request.difference !== undefined && `${gain(request.difference, 4)} net`,
    request.audit && "audit: the client’s own bytes were sent, this is what would have been",
  ].filter(Boolean).join(" · "));
  const buttons = blocks.map(block => blockButton(id, block));
  find("detail-blocks").replaceChildren(...buttons.map(button => element("li", {}, button)));
  const gainOf = block => block.tokens_before - block.tokens_sent;
  const best = blocks.reduce((best, block, place) => {
    if (best === undefined) return place;
    const [one, other] = [blocks[best], block];
    if (one.is_new !== other.is_new && gainOf(other.is_new ? other : one) > 0) return other.is_new ? place : best;
    return gainOf(other) > gainOf(one) ? place : best;
  }, undefined);
  if (best !== undefined) {
    buttons[best].click();
    buttons[best].focus({ preventScroll: true });
    buttons[best].scrollIntoView({ block: "nearest" });
  }
};

const blockButton = (id, block) => element(
  "button", {
    type: "button", class: "block", title: block.path,
    onclick: event => chooseBlock(id, block, event.currentTarget),
    onkeydown: event => stepBlock(event),
  },
  element("span", { class: "block-name" }, block.tool ?? block.path),
  element("span", { class: "block-saved number" }, block.encoder === undefined ? "as it came" : saving(block.tokens_before, block.tokens_sent)),
  element("span", { class: "block-about" }, block.about ?? block.path),
  element("span", { class: "block-facts" },
    [block.is_new ? "new" : "", block.is_error ? "error" : "", block.kind, block.encoder ?? "", block.encoder === undefined ? "" : block.fidelity,
      block.handle ?? ""].filter(Boolean).join(" · ")));

const stepBlock = event => {
  const move = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  const next = move && event.currentTarget.parentElement[move]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
};

const chooseBlock = async (id, block, button) => {
  const mine = ++asked;
  for (const other of find("detail-blocks").querySelectorAll("button")) {
    other.setAttribute("aria-current", other === button ? "true" : "false");
  }
  try {
    const texts = await getJSON(`dashboard/requests/${id}/blocks/${block.index}`);
    if (mine === asked) showTexts(block, texts);
  } catch (error) {
    if (mine === asked) find("detail-texts").replaceChildren(element("p", { class: "note" }, error.message));
  }
};

const showTexts = (block, { before, sent }) => {
  const panes = sent === undefined
    ? [textPane("Sent as it came", `${exact(block.tokens_before)} tokens`, before)]
    : [
      textPane("From the client", `${exact(block.tokens_before)} tokens`, before),
      textPane("Sent instead", `${exact(block.tokens_sent)} tokens · ${block.encoder} · ${block.fidelity}: ${fidelities[block.fidelity] ?? ""}`,
        sent, block.handle),
    ];
  if (block.store_failure) panes.push(element("p", { class: "lost" }, `Nothing was cut: ${block.store_failure}`));
  find("detail-texts").replaceChildren(...panes);
};

const textPane = (title, facts, text, handle) => {
  const content = element("pre", { tabindex: 0, "aria-label": title });
  const more = text.length > mostShown && element("button", {
    type: "button", class: "plain", onclick: event => {
      content.replaceChildren(...marked(text, handle));
      event.currentTarget.remove();
    },
  }, `Show all ${short(text.length)} characters`);
  content.append(...marked(text.length > mostShown ? text.slice(0, mostShown) : text, handle));
  return element("section", { class: "pane" }, element("h3", {}, title), element("p", { class: "note" }, facts), content, more || "");
};

/** A text with each mention of a handle marked. */
const marked = (text, handle) => (handle
  ? text.split(handle).flatMap((part, place) => (place ? [element("mark", {}, handle), part] : [part]))
  : [text]);
