"""What the theme in ``.streamlit/config.toml`` cannot say, as the few lines of CSS that it takes."""

import streamlit as st

_STYLE = """<style>
/* Whoever goes through the page by keyboard sees where they are: Streamlit marks these by a shade only. */
[data-testid="stSidebarNavLink"]:focus-visible,
[data-testid="stPageLink-NavLink"]:focus-visible,
[data-testid="stTab"]:focus-visible { outline: 3px solid #5B8DEF; outline-offset: -3px; }
/* What is chosen is told by ground and frame: in the colour of buttons, its words could not be read on dark. */
button[data-variant][data-selected="true"]:not([data-disabled]) { color: inherit !important; }
/* So it is with the figure above the knob of a slider. */
[data-testid="stSliderThumbValue"] { color: inherit !important; }
/* The keys beside a button are words of the button. */
button kbd, button kbd * { color: inherit !important; opacity: 1 !important; }
/* A caption is pale; code, links and badges in it, which have colours of their own, would be too pale to read. */
[data-testid="stCaptionContainer"]:has(code, a, .stMarkdownBadge) { opacity: 1 !important; }
/* What a figure is called takes a second line rather than lose its end. */
[data-testid="stMetricLabel"] [data-testid="stMarkdownContainer"] { white-space: normal; overflow: visible; }
/* Facts and the state of a thing look like badges, and are texts: those are drawn sooner. */
:is(.st-key-facts, [class*="st-key-state_"]) [data-testid="stText"] { font-size: .875rem; padding: 0 .35rem;
  border-radius: .25rem; background: color-mix(in srgb, currentColor 7%, transparent); }
[class*="st-key-state_"] > :first-child [data-testid="stText"] {
  background: color-mix(in srgb, var(--state, currentColor) 24%, transparent); }
.st-key-state_green { --state: #21a354; }
.st-key-state_blue { --state: #2f7de1; }
.st-key-state_orange { --state: #f28c1c; }
.st-key-state_red { --state: #f0403a; }
[class*="st-key-state_"] > :last-child [data-testid="stText"] { padding: 0; background: none;
  color: color-mix(in srgb, currentColor 75%, transparent); }
/* A table of words is wider than a phone: it moves, not the page. */
.st-key-model_table { overflow-x: auto; overflow-y: hidden; }
/* What a search found takes several lines on a phone: they begin below each other. */
[class*="st-key-found_"] button p { text-align: left; }
/* The name of a thing in a list is no entry of a menu: it takes a second line on a phone. */
:is(.st-key-crews, .st-key-jobs, .st-key-recent_jobs, .st-key-runs) [data-testid="stPageLink-NavLink"] :is(span, p) {
  white-space: normal; overflow: visible; }
</style>"""


def dress() -> None:
    """Add the style to the page that is drawn; what the page before had of it stays until then.

    Where there is one, it comes last: the browser would draw the page before once more for it.
    """
    st.html(_STYLE)
