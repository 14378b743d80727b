"""Make what a notebook shows safe to publish: HTML by an allow-list, Markdown into HTML, nothing that loads or runs."""

from __future__ import annotations

import html
import re

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "hr", "br", "details", "summary"),
    *("ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "img", "a"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup", "u"),
}
_GONE_WITH_CONTENT = {
    *("script", "style", "svg", "math", "iframe", "object", "embed", "template", "noscript", "noembed", "noframes"),
    *("textarea", "select", "button", "title", "xmp"),
}
_ATTRIBUTES = {
    "*": {"class", "lang"},
    "a": {"href"},
    "col": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "span": {"style"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
}
_STYLES = {"background-color", "color", "font-weight", "text-align"}
_CLASS = re.compile(
    r"gt_(heading|title|subtitle|right|center|group_heading|column_spanner|sourcenotes?|footnote)"
    r"|tier(-[SABC])?|bar|w-\d{1,3}|more|note|empty|check|failed|missing|answers|question|number|proof|mcr-[\w-]+"
)
#: Inside a report only: a sibling page, a table of the report, a place on the page.
_LINK = re.compile(r"[\w-]+\.html(#[\w-]*)?|tables/[\w-]+\.(csv|xlsx)|#[\w-]*")
_PICTURE = re.compile(r"data:image/(png|webp|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
_LENGTH = re.compile(r"\d{1,5}")


def clean_html(source: str) -> str:
    """The HTML with only what a report needs: text, headings, lists, tables, and pictures inside the page."""
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=_STYLES,
        url_schemes={"data"},
        link_rel=None,
    )
    cleaned = re.sub(r"<img(?![^>]* src=)[^>]*>", "", cleaned)
    return re.sub(r"<img(?![^>]* alt=)", '<img alt=""', cleaned)


def render_markdown(source: str) -> str:
    """Markdown as clean HTML."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))


def plain_text(cleaned: str) -> str:
    """The words of a piece of clean HTML on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", cleaned)).split())


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What is left of an attribute; without < and > so that tags of clean HTML can be told by them."""
    if name == "class":
        return " ".join(word for word in value.split() if _CLASS.fullmatch(word)) or None
    if name == "href":
        return value if _LINK.fullmatch(value) else None
    if name == "src":
        return "".join(value.split()) if _PICTURE.fullmatch(value) else None
    if name in ("width", "height", "colspan", "rowspan", "span", "start"):
        return value if _LENGTH.fullmatch(value) and (value != "1" or tag == "img") else None
    return value.replace("<", "‹").replace(">", "›")
