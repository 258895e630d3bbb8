"""What keeps people out: axe's findings, a hidden focus, what is covered, cut or out of reach."""

from axe_playwright_python.base import AXE_SCRIPT

GRAVE = ["serious", "critical"]
# WCAG 2.2 A and AA, and what axe's authors hold to be good practice, but for rules that can find
# nothing grave.
FIND = """grave => {
  const rules = {"target-size": {enabled: true}};
  for (const {id, impact} of axe._audit.rules)
    if (impact && !grave.includes(impact)) rules[id] = {enabled: false};
  return axe.run(document, {resultTypes: ["violations"], rules});
}"""

# Every element of the page, through all shadow roots; what a person can operate; its name.
TOOLS = """
  const every = (root) => [...root.children].flatMap(
    (one) => [one, ...(one.shadowRoot ? every(one.shadowRoot) : []), ...every(one)]);
  const ours = (one) => one.getRootNode() !== document;
  const seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && one.getBoundingClientRect().width > 1;
  const operable = (one) => one.tabIndex >= 0 && !one.disabled && seen(one) && ours(one);
  const up = (one) => one.parentElement ?? one.getRootNode().host;
  const around = (one) => { const all = []; for (; one; one = up(one)) all.push(one); return all; };
  const name = (one) => `${one.localName} "${
    (one.getAttribute('aria-label') || one.textContent).trim().slice(0, 60)}"`;
"""

# Whose focus nobody sees, who cannot take it, and who breaks the order of the page.
UNSEEN_FOCUS = f"""() => {{
  {TOOLS}
  const ringed = (one) => {{
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  }};
  const halo = (one) => one.querySelector(':scope > .halo');
  return every(document.body).filter(operable).flatMap((one) => {{
    if (one.tabIndex > 0) return [`${{name(one)}} comes before its place`];
    one.focus({{preventScroll: true}});
    if (one.getRootNode().activeElement !== one) return [`${{name(one)}} takes no focus`];
    const shown = ringed(one) || (one.closest('.stepper') && ringed(one.closest('.stepper')))
      || (halo(one) && getComputedStyle(halo(one)).stroke !== 'none');
    one.blur();
    return shown ? [] : [`${{name(one)}} shows no focus`];
  }});
}}"""

# What cannot be hit in its middle, in the part of the page that is in sight.
COVERED = f"""() => {{
  {TOOLS}
  return every(document.body).filter(operable).flatMap((one) => {{
    const box = one.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const clipped = around(one).slice(1).some((outer) => {{
      const edge = outer.getBoundingClientRect();
      const out = x < edge.left || x > edge.right || y < edge.top || y > edge.bottom;
      return out && getComputedStyle(outer).overflow !== 'visible';
    }});
    if (clipped || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return [];
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y)) hit = hit.shadowRoot.elementFromPoint(x, y);
    const near = around(hit).includes(one) || around(one).includes(hit);
    // Marks of one picture may lie on each other: the arrow keys reach them all.
    return near || one.ownerSVGElement ? [] : [`${{name(one)}} lies under ${{name(hit)}}`];
  }});
}}"""

# What makes the page scroll sideways, or hangs out of the window.
MISFITS = f"""() => {{
  {TOOLS}
  const frames = [document.documentElement, document.body, ...document.querySelectorAll(
    '[data-testid=stMain], [data-testid=stMainBlockContainer]')];
  const wide = frames.filter((one) => one.scrollWidth > one.clientWidth)
    .map((one) => `${{one.localName}} is ${{one.scrollWidth - one.clientWidth}} px too wide`);
  const scrolled = (one) => around(one).some((outer) => !frames.includes(outer)
    && getComputedStyle(outer).overflowX !== 'visible' && outer.scrollWidth > outer.clientWidth);
  const nav = document.querySelector('[data-testid=stSidebar]');
  const drawn = (one) => ours(one) && seen(one) && !one.ownerSVGElement;
  return [...wide, ...every(document.body).filter(drawn).flatMap((one) => {{
    const {{left, right}} = one.getBoundingClientRect();
    const out = (right > innerWidth + 1 || left < -1) && !one.closest('.visually-hidden');
    return out && !around(one).includes(nav) && !scrolled(one)
      ? [`${{name(one)}} reaches from ${{Math.round(left)}} to ${{Math.round(right)}}`] : [];
  }})];
}}"""


def findings(page):
    """Everything serious that axe finds on the page as it is now, one sentence each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(FIND, GRAVE)["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:140]} {_told(node)}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def _told(node):
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])[:200]


def unseen_focus(page):
    """Controls whose focus cannot be seen by somebody who uses the keyboard."""
    page.keyboard.press("Shift")  # The browser shows the focus to those who press keys.
    return page.evaluate(UNSEEN_FOCUS)


def covered(page):
    """Controls in sight that a pointer cannot hit."""
    return page.evaluate(COVERED)


def misfits(page, width, height=900):
    """What does not fit into a window of this size, once it has come to rest."""
    page.set_viewport_size({"width": width, "height": height})
    return at_rest(page, lambda one: one.evaluate(MISFITS))


def at_rest(page, find):
    """What is found on the page once it has come to rest."""
    found = []
    for _ in range(20):
        page.wait_for_timeout(60)
        found = find(page)
        if not found:
            break
    return found


FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one === document.body ? "" : (one.getAttribute('aria-label') || one.textContent).trim();
}"""


def focused(page):
    """The name of what has the focus; empty if nothing has."""
    return page.evaluate(FOCUSED)


def tab_to(page, name, limit=160, key="Tab"):
    """Press Tab until what has the focus is called so, as somebody without a mouse does."""
    passed = []
    for _ in range(limit):
        page.keyboard.press(key)
        passed.append(focused(page))
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"{name} was not among {passed}")
