"""The keys of client.yaml: what each means, what it may be, and its default."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from mcrlib import schema
from mcrlib.errors import nearest
from mcrlib.thresholds import PROPOSED, ActivityWeights, Strict, Thresholds

Tier = Literal["S", "A", "B", "C"]
#: Shares written with a few digits sum to 1 within this.
_ROUNDING = 1e-6
Language = Literal["en", "zh-CN", "zh-TW"]


class FileSpec(Strict):
    """One export file of a table: which columns it has and how its values are written."""

    file: str = Field(description="file name, relative to the input folder")
    sheet: str | None = Field(None, description="sheet of a workbook")
    header: bool = Field(True, description="false where the file has no header row; columns are then numbers from 1")
    columns: dict[str, str | int] = Field(
        {}, description="field: header, number of a column, or a formula 'qty * price * (1 - discount)'"
    )
    date_order: Literal["ymd", "dmy", "mdy"] | None = Field(None, description="settles an ambiguous day and month")
    decimal: Literal[".", ","] | None = Field(None, description="settles an ambiguous decimal sign")
    percent: bool | None = Field(None, description="true where shares are written 0-100, false where 0-1")
    currency: str | None = Field(None, description="currency of the money in this file")
    year: Annotated[int, Field(ge=1900, le=2199)] | None = Field(
        None, description="year of columns that name only a month or a quarter"
    )


class TierSettings(Strict):
    """How the published tier is decided."""

    decide: Literal["clusters", "rule"] = Field("clusters", description="clusters, or the four-axis rule")
    quotas: dict[Tier, float] | None = Field(
        None, description="most of the accounts that ordered, such as {S: 0.05, A: 0.15, B: 0.3}; the rest is C"
    )

    @model_validator(mode="after")
    def _quotas_fit(self) -> TierSettings:
        given = self.quotas or {}
        best = sum(share for tier, share in given.items() if tier != "C")
        if given and not (min(given.values()) >= 0 and 0 < best < 1):
            raise ValueError("quotas are shares, positive and below 1 in all, such as {S: 0.05, A: 0.15, B: 0.3}")
        if "C" in given and abs(best + given["C"] - 1) > _ROUNDING:
            raise ValueError(f"quotas of S, A, B and C must sum to 1, not {best + given['C']:g}: leave C out, the rest")
        return self


class MergeSettings(Strict):
    """Which accounts are one customer; chapter 01 lists the pairs to decide on."""

    certain: bool = Field(True, description="merge accounts that are certainly one; false only lists them")
    same: list[list[str]] = Field([], description="accounts that are one: [[kept, merged, ...]]")
    keep_apart: list[list[str]] = Field([], description="accounts that are never merged nor listed: [[a, b]]")


class Override(Strict):
    """A tier that people decided; it wins until it expires."""

    account: str = Field(description="account_id or its exact name")
    tier: Tier = Field(description="the tier it gets")
    reason: str = Field(description="why")
    by: str = Field(description="who decided")
    until: dt.date = Field(description="last day on which it counts")


class ContactSettings(Strict):
    """What is kept of people at the customer."""

    names: bool = Field(
        False, description="keep their names; else only ids, levels and functions; phones and e-mails never"
    )


class PublishSettings(Strict):
    """What may be shown to readers."""

    names: bool = Field(
        False, description="show the names of sellers, and of contacts where they are kept, in published pages"
    )


class Settings(Strict):
    """The settings of one client; every key may be left out."""

    files: dict[str, list[FileSpec]] = Field(
        {}, description="table: its files; other tables are found by name and header"
    )
    sum_lines: bool | None = Field(
        None,
        description="true: lines inside orders become one order per order_id; false: the amount on every line of an "
        "order is its total and counts once",
    )
    accounts: Literal["from_file", "from_orders"] = Field(
        "from_file", description="from_orders derives accounts from the orders"
    )
    values: dict[str, dict[str, str | None]] = Field({}, description="field: {value as delivered: canonical value}")
    currency: str | None = Field(None, description="base currency of the report")
    fx_rates: dict[str, Annotated[float, Field(gt=0)]] = Field(
        {}, description="currency: worth of one unit in the base currency"
    )
    margin: float = Field(1.0, gt=0, le=1, description="gross profit per revenue where no cost is delivered")
    horizon_years: float = Field(5.0, gt=0, le=20, description="years of the soil value")
    discount_rate: float = Field(0.10, ge=0, lt=1, description="yearly rate that discounts the soil value")
    merge: MergeSettings = Field(MergeSettings(), description="which accounts are one customer")
    contacts: ContactSettings = Field(ContactSettings(), description="what is kept of people at the customer")
    tiers: TierSettings = Field(TierSettings(), description="how tiers are decided")
    overrides: list[Override] = Field([], description="tiers that people decided")
    thresholds: Thresholds = Field(Thresholds(), description="numbers the kit judges by")
    activity_weights: ActivityWeights = Field(
        ActivityWeights(), description=f"how much a touch of each kind ties two people ({PROPOSED})"
    )
    avoid_places: dict[str, list[str]] = Field(
        {}, description="person of ours (owner_id): cities or regions to work elsewhere; only their number is published"
    )
    language: Language = Field("en", description="language of the pages")
    publish: PublishSettings = Field(PublishSettings(), description="what readers may see")
    keep: int = Field(24, ge=1, description="published runs to keep")
    seed: int = Field(1, ge=0, description="seed of all randomness")

    @property
    def ties(self) -> dict[str, Any]:
        """How much a touch of each kind ties two people and how that fades: knobs of the questions about ties."""
        return {"weights": self.activity_weights.model_dump(), "half_life": self.thresholds.engagement_half_life}

    @model_validator(mode="after")
    def _tables_known(self) -> Settings:
        for table in self.files:
            if table not in schema.tables():
                raise ValueError(f"unknown table '{table}' under files{nearest(table, schema.tables())}")
        return self
