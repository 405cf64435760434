"""Trials switched on and off in a real browser: what stands there is what the kernel computed."""

from __future__ import annotations

import random
from urllib.parse import unquote_plus

import pytest

from bupmeta.table import number

SIZES = {"fibromyalgia": 6, "neuropathic pain": 14}


def block(page, condition: str):
    """Give the block of a condition."""
    return page.locator(f"#explore_{condition.replace(' ', '_')}_MD")


def said(part) -> str:
    """Give the status line."""
    return part.locator("[data-is=said]").inner_text()


def switch(part, off) -> None:
    """Make exactly these trials, by their place in the list as listed, be off."""
    part.locator(".trials input").evaluate_all(
        "(boxes, off) => boxes.forEach((box, i) => box.checked === off.includes(i) && box.click())",
        sorted(off),
    )


def expected(explored, name: str, off: frozenset[int], shift: int = 0) -> str:
    """Say what the page must say of one subset, from the numbers of the kernel alone; a scale moves their point."""
    fit, at = explored.fits[name], explored.row(off)

    def shown(values, digits=2, places=shift) -> str:
        return number(round(float(values[at]), digits) * 10**places, digits - places)

    text = f"{shown(fit.mu)} (95 % interval {shown(fit.ci_low)} to {shown(fit.ci_high)})."
    if fit.k[at] == 1:
        return f"{text} One trial: reported, not pooled."
    if fit.prediction_low[at] == fit.prediction_low[at]:
        text += f" Prediction interval {shown(fit.prediction_low)} to {shown(fit.prediction_high)}."
    return f"{text} τ² {shown(fit.tau2, 3, 2 * shift)}, I² {number(float(fit.i2[at]), 0)} %."


@pytest.mark.parametrize("condition", SIZES)
def test_random_subsets_show_the_numbers_of_the_kernel(visit, hostile, condition):
    """For subsets, methods and scales drawn from a seed, the status line has the kernel's numbers to the last digit."""
    explored = hostile.section(condition).total.explored
    k, rng = SIZES[condition], random.Random(20)
    assert len(explored.effects) == k
    part = block(visit("hostile"), condition)
    for _ in range(12):
        off = frozenset(rng.sample(range(k), rng.randint(0, k - 1 if k <= 12 else 2)))
        name, shift = rng.choice(list(explored.fits)), rng.randint(0, 1)
        at = list(explored.fits).index(name)
        part.locator("[data-is=model]").select_option(str(at))
        part.locator("[data-is=view]").select_option(str(shift))
        switch(part, off)
        words = said(part)
        assert words.startswith(
            f"{k - len(off)} of {k} trials. Mean difference, points of 0-10{'0' * shift}: "
        )
        assert expected(explored, name, off, shift) in words


def test_the_effects_of_trials_are_those_of_the_analysis(visit, hostile):
    """Each row shows its estimate and interval, and the pooled row those of the pool."""
    total = hostile.section("neuropathic pain").total
    part = block(visit("hostile"), "neuropathic pain")
    rows = part.locator(".trials .effect").all_inner_texts()
    limits = total.effects.limits(0.95)
    for text, y, (low, high) in zip(rows, total.effects.y.tolist(), limits, strict=True):
        assert text == f"{number(y)} ({number(low)} to {number(high)})"
    pooled = f"{number(total.result.mu)} ({number(total.result.ci[0])} to {number(total.result.ci[1])})"
    assert part.locator(".pooled .effect").inner_text() == pooled


def test_what_was_not_computed_is_said_and_not_guessed(visit):
    """A third trial off among fourteen, or no trial on: words and no number."""
    page = visit("hostile")
    part = block(page, "neuropathic pain")
    switch(part, {0, 5, 9})
    assert "not computed: at most 2 trials can be switched off" in said(part)
    assert part.locator(".pooled .effect").inner_text() == ""
    part.locator("[data-is=reset]").click()
    assert said(part).startswith("14 of 14 trials. Mean difference")
    few = block(page, "fibromyalgia")
    switch(few, set(range(6)))
    assert said(few) == "0 of 6 trials. No trial is on. Off: " + said(few).split("Off: ")[1]
    assert few.locator(".pooled .diamond").count() == 0


def test_a_link_carries_the_state_and_says_when_it_cannot(visit):
    """Another reader who opens the address sees the same; what the link names in vain is said."""
    page = visit("hostile")
    part = block(page, "fibromyalgia")
    part.locator("[data-is=model]").select_option("1")
    part.locator("[data-is=view]").select_option("1")
    part.locator("[data-is=order]").select_option("year")
    switch(part, {0, 1})
    end = page.evaluate("location.hash")
    other = block(visit("hostile", end=end), "fibromyalgia")
    assert said(other) == said(part)
    assert other.locator(".trials label").all_inner_texts() == part.locator(".trials label").all_inner_texts()
    assert "off=" in unquote_plus(end)
    lost = block(visit("hostile", end=end.replace("order=year", "order=luck")), "fibromyalgia")
    assert said(lost).startswith("The link names something that is not here; it is left out. 4 of 6 trials.")


def test_trials_can_be_sorted(visit, hostile):
    """By weight, year, effect and name, in the order that the numbers have."""
    effects, result = (
        getattr(hostile.section("neuropathic pain").total, key) for key in ("effects", "result")
    )
    keys = {
        "weight": [-w for w in result.weights.tolist()],
        "year": [origin.year for origin in effects.origin],
        "effect": effects.y.tolist(),
        "name": list(effects.labels),
    }
    part = block(visit("hostile"), "neuropathic pain")
    for order, values in keys.items():
        part.locator("[data-is=order]").select_option(order)
        labels = part.locator(".trials label").all_inner_texts()
        found = [values[effects.labels.index(label)] for label in labels]
        assert found == sorted(values), order


def test_the_keyboard_does_it_all(visit):
    """Tab reaches the boxes, space switches, the links of what was printed come next, Escape closes it."""
    page = visit("hostile")
    part = block(page, "neuropathic pain")
    part.locator(".trials input").first.focus()
    page.keyboard.press("Space")
    assert said(part).startswith("13 of 14 trials.")
    about = part.locator(".about")
    assert about.is_visible()
    assert about.inner_text().startswith(part.locator(".trials label").first.inner_text())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Source"
    page.keyboard.press("Escape")
    assert not about.is_visible()
    live = part.locator("[role=status]")
    assert live.count() == 1


def test_on_a_phone_a_button_opens_what_was_printed(visit):
    """Nothing moves under the finger: the source opens and closes with its own button."""
    part = block(visit("hostile", width=360), "neuropathic pain")
    part.locator(".trials input").nth(3).uncheck()
    assert not part.locator(".about").is_visible()
    more = part.locator(".more").nth(3)
    more.click()
    assert "Printed" in part.locator(".about").inner_text()
    assert more.get_attribute("aria-expanded") == "true"
    more.click()
    assert not part.locator(".about").is_visible()


def test_every_link_to_a_trial_lands_on_its_entry(visit):
    """The links that the script makes have targets, as those of the figures have."""
    page = visit("hostile")
    for i in range(6):
        block(page, "fibromyalgia").locator(".trials li").nth(i).hover()
        href = block(page, "fibromyalgia").locator(".about a[href^='#']").get_attribute("href")
        assert page.locator(href).count() == 1
