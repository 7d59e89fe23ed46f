"""Where a text can stand on a page, as HTML and as the extension names it (`src/core/page/structure.ts`)."""

import html
import json
import random
from typing import NamedTuple


class Place(NamedTuple):
    """`concealments` and `role` are what the extension is to see where the text stands in `markup` (`{}`)."""

    concealments: tuple[str, ...]
    role: str
    markup: str


PLACEMENTS: dict[str, tuple[Place, ...]] = {
    "hidden": (
        Place(("display",), "body", '<div style="display:none">{}</div>'),
        Place(("visibility",), "body", '<p style="visibility:hidden">{}</p>'),
        Place(("hidden", "display"), "body", "<p hidden>{}</p>"),
    ),
    "faint": (
        Place(("opacity",), "body", '<p style="opacity:0">{}</p>'),
        Place(("colour",), "body", '<p style="color:#fff;background:#fff">{}</p>'),
    ),
    "tiny": (
        Place(("font",), "body", '<p style="font-size:0">{}</p>'),
        Place(("size",), "body", '<div style="width:0;height:0;overflow:hidden">{}</div>'),
    ),
    "away": (
        Place(("off-screen",), "body", '<div style="position:absolute;left:-9999px">{}</div>'),
        Place(("clip",), "body", '<div style="position:absolute;clip-path:inset(100%)">{}</div>'),
    ),
    "attribute": (
        Place(("alternative",), "body", '<img src="photo.png" alt="{}">'),
        Place(("title",), "body", '<a href="#more" title="{}">…</a>'),
        Place(("placeholder",), "body", '<input placeholder="{}">'),
    ),
    "aria": (Place(("aria",), "body", '<button aria-label="{}">→</button>'),),
    "head": (
        Place(("metadata",), "body", '<meta name="description" content="{}">'),
        Place(("structured-data",), "body", '<script type="application/ld+json">{}</script>'),
        Place(("noscript",), "body", "<noscript>{}</noscript>"),
    ),
    "source": (Place(("comment",), "body", "<!-- {} -->"),),
    "characters": (Place((), "body", "<p>{}</p>"), Place((), "article", "<article><p>{}</p></article>")),
}
"""Nine ways to have a text on a page that its readers do not see."""

VISIBLE: tuple[Place, ...] = (
    Place((), "body", "<p>{}</p>"),
    Place((), "article", "<article><p>{}</p></article>"),
    Place((), "comment", '<article class="comment" itemtype="https://schema.org/Comment">{}</article>'),
    Place((), "ad", '<aside class="ad">{}</aside>'),
    Place((), "navigation", "<footer>{}</footer>"),
)
CODE = Place((), "code", "<pre><code>{}</code></pre>")
QUOTATION = Place((), "quotation", "<blockquote>{}</blockquote>")
ARTICLE = VISIBLE[1]

_ZERO_WIDTH = "\u200b\u200c\u2060\ufeff"


def bent(text: str, chance: random.Random) -> str:
    """The text with invisible characters: between its letters, as tags, or turned by an override."""
    way = chance.choice(("zero-width", "zero-width", "tags", "bidi"))
    if way == "zero-width":
        return "".join(char + (chance.choice(_ZERO_WIDTH) if chance.random() < 0.3 else "") for char in text)
    if way == "tags" and text.isascii():
        return "".join(chr(0xE0000 + ord(char)) if " " <= char < "\x7f" else char for char in text)
    return f"\u202d{text}\u202c"


def rendered(text: str, place: Place) -> str:
    """The text in its place, escaped as the place asks for."""
    if place.concealments == ("structured-data",):
        value = json.dumps({"@type": "WebPage", "description": text}, ensure_ascii=False).replace("</", "<\\/")
        return place.markup.format(value)
    if place.concealments == ("comment",):
        return place.markup.format(text)
    return place.markup.format(html.escape(text))


def fitting(text: str, place: Place) -> str:
    """A source comment may hold no double hyphen."""
    return text.replace("--", "==").replace(">", "") if place.concealments == ("comment",) else text
