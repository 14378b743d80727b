"""The words for columns and codes of customers chosen: their size, their hours, their growth."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

CARRIES = {
    "now": mark("carries its hours"),
    "ahead": mark("will within three years"),
    "entry": mark("strategic entry"),
    "no": mark("does not"),
}

CHOICE_COLUMNS = {
    "carries": mark("Carries its hours"),
    "pay": mark("Pay of those who served it"),
    "pay_capacity": mark("Harvest over pay"),
    "hour_ratio_ahead": mark("Profit of three years per hour against the company's"),
}
