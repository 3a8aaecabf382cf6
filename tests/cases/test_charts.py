"""Charts are well-formed, keep to the content policy, and escape what is put into them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from cases.charts import Interval, Series, bars, intervals, stacked

CHARTS = {
    "stacked": stacked(
        ["FY2022", "FY<2023>"],
        [Series("dismissed", [10, None]), Series("a & b", [5, 20])],
        title='Closures "by" year',
    ),
    "nothing stacked": stacked([], [Series("dismissed", [])], title="None"),
    "bars": bars(["New York", "<script>"], [120, None], title="By court"),
    "no bars": bars([], [], title="By court"),
    "intervals": intervals(
        [Interval("<b>", 0.1, 0.2, 0.4, "alert")], overall=0.25, band=(0.2, 0.3125), title="Rates"
    ),
    "no intervals": intervals([], overall=0.0, band=(0.0, 0.0), title="Rates"),
}


def parsed(markup: object) -> ET.Element:
    return ET.fromstring(f"<div>{markup}</div>")  # noqa: S314  our own


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_an_image_with_a_name_and_no_style_or_script(name):
    tree = parsed(CHARTS[name])

    assert {e.tag for e in tree.iter()} <= {
        *("div", "svg", "rect", "line", "circle", "text", "ul", "li"),
    }
    assert not [e for e in tree.iter() if "style" in e.attrib]
    (chart,) = (
        tree.iter("svg")
        if name not in ("stacked", "nothing stacked")
        else [e for e in tree.iter("svg") if e.get("class") == "drawing"]
    )
    assert chart.get("role") == "img"
    assert chart.get("aria-label")


def test_what_is_withheld_is_a_dash_and_no_bar():
    tree = parsed(CHARTS["bars"])

    assert [e.text for e in tree.iter("text")] == ["New York", "120", "<script>", "\u2013"]
    assert [e.get("width") for e in tree.iter("rect")][1] == "0.0"


def test_bars_are_as_long_as_their_numbers():
    tree = parsed(bars(["a", "b"], [50, 100], title="t"))

    first, second = (float(e.get("width")) for e in tree.iter("rect"))
    assert first * 2 == pytest.approx(second, abs=0.2)
