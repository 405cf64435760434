"""The page for readers of all kinds: no fault that axe knows, a phone, paper, no scripts, hostile texts."""

from __future__ import annotations

from io import BytesIO

import pytest

from bupmeta.plots.style import PALETTE

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
VIEWS = [(360, "dark", True), (360, "light", False), (1280, "light", True), (1280, "dark", False)]


def faults(page, *, without: tuple[str, ...] = ()) -> list[str]:
    """Run axe and name what it finds, with the first element of each kind."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options = {
        "runOnly": list(RULES),
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
    }
    found = axe.run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize(("width", "scheme", "opened"), VIEWS)
@pytest.mark.parametrize("name", ["bupropion", "hostile"])
def test_axe_finds_no_fault(visit, name, width, scheme, opened):
    """Narrow and wide, light and dark, folds open and closed, with a trial switched off and its source shown."""
    page = visit(name, width, scheme)
    if opened:
        page.evaluate(OPEN)
    if name == "hostile":
        part = page.locator(".explorer").first
        part.locator("input").nth(1).uncheck()
        part.locator(".more" if width == 360 else "input").nth(2).click()
        assert part.locator(".about").is_visible()
    assert faults(page) == []


def test_axe_finds_no_fault_in_the_longest_report(visit):
    """All parts of the context report, three rows of each table; contrast, which is slow, is checked on those above."""
    page = visit("antidepressants", 360)
    page.evaluate(OPEN)
    page.evaluate(
        "for (const body of document.querySelectorAll('tbody')) while (body.rows[3]) body.deleteRow(3)"
    )
    page.evaluate("document.querySelectorAll('figure svg > g').forEach(one => one.remove())")
    assert faults(page, without=("color-contrast", "target-size")) == []


@pytest.mark.parametrize("name", ["bupropion", "antidepressants", "hostile"])
def test_a_phone_scrolls_in_one_direction(visit, name):
    """At 360 pixels nothing is wider than the screen but what scrolls in its own region."""
    page = visit(name, 360)
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_everything_can_be_read_without_scripts(visit):
    """The controls stay hidden; every figure and table is there."""
    plain = visit("hostile", java_script_enabled=False)
    assert plain.locator(".explorer:visible").count() == 0
    assert plain.locator("figure svg:visible").count() == plain.locator("figure svg").count() > 0
    plain.locator("summary").first.click()
    assert plain.locator("details[open] table").first.is_visible()


@pytest.mark.parametrize("name", ["bupropion", "hostile"])
def test_paper_holds_what_the_screen_folds_away(visit, name):
    """On paper folds are open, no table is wider than the page, and controls are gone."""
    page = visit(name, 688)  # A4 less its margins
    page.emulate_media(media="print")
    closed = page.locator("details:not([open])")
    assert closed.count() > 0
    heights = page.evaluate("[...document.querySelectorAll('details')].map(one => one.offsetHeight)")
    assert min(heights) > 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert page.locator(":is(nav, .explorer, .skip):visible").count() == 0
    reader = pytest.importorskip("pypdf").PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    words = " ".join(sheet.extract_text() for sheet in reader.pages)
    assert "Rows of the data" in " ".join(words.split())


def test_a_tall_figure_is_cut_between_its_rows_on_paper(visit):
    """A forest plot of two and more sheets prints in slices that join without a gap and cut through no text."""
    page = visit("antidepressants", 688)
    page.emulate_media(media="print")
    figure = page.locator("#figure-forest_fibromyalgia_MD")
    tops = figure.locator(".slices svg").evaluate_all(
        "all => all.map(one => one.viewBox.baseVal).map(b => [b.y, b.height])"
    )
    assert len(tops) > 3
    ends, starts = [top + height for top, height in tops[:-1]], [top for top, _ in tops[1:]]
    assert ends == pytest.approx(starts, abs=0.11)  # the page rounds to a tenth of a point
    assert figure.locator(".tall").bounding_box()["height"] == 1
    boxes = "all => all.map(one => one.getBBox()).map(box => [box.y, box.y + box.height])"
    texts = figure.locator(".tall text").evaluate_all(boxes)
    assert len(texts) > 100
    for top, _ in tops[1:]:
        assert not any(low + 2 < top < high - 2 for low, high in texts)


def test_a_figure_on_a_dark_screen_is_dark(visit):
    """Its paper is the page's; texts contrast by 4.5 and more with it, signs with what is behind them (WCAG 2.2)."""
    page = visit("bupropion", scheme="dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    fills = page.locator("figure svg text").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).fill))]"
    )
    assert len(fills) >= 3
    assert min(contrast(fill, paper) for fill in fills if fill != paper) >= 4.5
    style = page.locator("figure").first.evaluate_handle("one => getComputedStyle(one)")
    named = {name: style.evaluate(f"style => style.getPropertyValue('--figure-{name}')") for name in PALETTE}
    assert luminance(named["paper"]) == luminance(paper)
    for sign, behind in (("paper", "study"), ("paper", "accent"), ("ink", "caution"), ("ink", "band")):
        assert contrast(named[sign], named[behind]) >= 4.5


def contrast(one: str, two: str) -> float:
    """Give the contrast of two colours, each such as rgb(1, 2, 3) or #010203 (WCAG 2.2, contrast ratio)."""
    low, high = sorted(luminance(colour) for colour in (one, two))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance (WCAG 2.2)."""
    numbers = (
        [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        if colour[0] == "#"
        else map(int, colour[4:-1].split(","))
    )
    parts = [x / 255 for x in numbers]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_hostile_texts_are_texts(visit):
    """No text of data or specification becomes markup, runs, or an address; each can be read."""
    page = visit("hostile")
    assert page.title() == "Hostile & <b>bold</b> {{ 7 * 7 }}"
    kinds = page.evaluate("[...document.scripts].map(one => one.type)")
    assert sorted(kinds) == ["", "application/json", "application/json"]
    assert page.locator("img, b:not(.ticks b), [onmouseover], [onerror]").count() == 0
    hrefs = page.evaluate(
        "[...document.querySelectorAll('a')].map(one => one.getAttribute('href') ?? one.href.baseVal)"
    )
    assert {href.split(":")[0] for href in hrefs if not href.startswith("#")} == {"https"}
    for text in ("<script>document.title='run'</script>", "=cmd()|'/c calc'!A1", "long" * 20):
        assert page.locator(".explorer label", has_text=text).count() >= 1
        assert page.locator(".sources", has_text=text).count() == 1
