"""What keeps people out: axe's findings, and a focus that is lost, hidden or out of reach."""

from axe_playwright_python.base import AXE_SCRIPT

# WCAG 2.2 A and AA, and what axe's authors hold to be good practice.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
GRAVE = {"serious", "critical"}
# Streamlit's own parts that no page of ours can change: (rule, part of the selector).
STREAMLITS_OWN = {("region", "stSkipToContent")}

# What is under the focus, through all shadow roots.
FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one;
}"""


def findings(page, least=GRAVE):
    """Everything that axe finds on the page as it is now, one sentence each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:140]} {told(node)}"
        for one in found
        if one["impact"] in least
        for node in one["nodes"]
        if not any(rule == one["id"] and part in node["html"] for rule, part in STREAMLITS_OWN)
    ]


def told(node):
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])[:200]
