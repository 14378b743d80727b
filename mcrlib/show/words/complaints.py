"""What is to be said of exports that were read, sentence by sentence: the keys of its translations."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark
from mcrlib.show.words.doubts import DOUBTS

#: What all floors warn of, by code, the floor READ below; run.json keeps their English.
WARNINGS = DOUBTS | {
    "currency": (
        mark("{n} rows name no currency; they are taken as {currency}"),
        mark("{n} rows have money in a currency without a rate; it is left out"),
    ),
    "date_left_out": (
        mark(
            "the dates are left out: the order of day and month is ambiguous in all {n} different dates, such as "
            "'{example}'; set date_order: {choices} for this file in client.yaml"
        ),
        mark(
            "the dates are left out: '{one}' has the day and the month in another order than '{other}'; "
            "export the column in one format"
        ),
        mark(
            "the dates are left out: all {n} different dates like '{one}' have a day above 12 and all {m} like "
            "'{other}' one up to 12: a spreadsheet seems to have turned day and month round in the latter; export the "
            "column again as text, or set date_order: {order} for this file in client.yaml if all are right"
        ),
    ),
    "duplicate_conflict": (
        mark(
            "duplicate {field} with different contents: {n} rows under {keys} keys, such as '{example}'; "
            "none of them is kept"
        ),
        mark(
            "duplicate {field} with different contents: {n} rows under {keys} keys, such as '{example}'; "
            "the fullest row of each is kept"
        ),
    ),
    "empty": (
        mark("there is a header but no row of {table}: export it again"),
        mark("the file is empty: export it again"),
    ),
    "encoding": (
        mark("the encoding is not declared and was taken for {name}; if names look wrong, export it again as UTF-8"),
    ),
    "equal_rows": (mark("{n} rows are equal to another one; without a key in the export they are kept"),),
    "footer": (mark("{lines} below the table ('{example}' in row {row}) set aside"),),
    "formula": (
        mark(
            "sheet '{sheet}' has {n} formulas without a stored result; they are read as missing: "
            "open and save the workbook in a spreadsheet program"
        ),
    ),
    "heads": (
        mark("{n} lines go on with the order above them; they got its number, customer and date"),
        mark("{n} lines go on with the order above them, where its amount stands; they are no orders"),
    ),
    "currency_format": (
        mark("amounts show their currency only by the format of their cells and were read in it: {coins}"),
    ),
    "merged_cells": (mark("{n} rows got what the merged cell says that they stand in; numbers count once"),),
    "hidden": (
        mark("sheet '{sheet}' is hidden; it is read all the same"),
        mark(
            "sheet '{sheet}' has {n} hidden (filtered) rows and {m} hidden columns; they are read like the others"
        ),
    ),
    "leading_zeros": (
        mark(
            "{n} ids differ from their keys in leading zeros only, such as '{example}' and '{other}'; "
            "they count as the same"
        ),
    ),
    "mended": (
        mark(
            "{n} rows have a text with a delimiter in it and without quotes; in this file only such a delimiter is "
            "followed by a blank, so the texts were put together again, such as '{example}' in row {row}"
        ),
    ),
    "mojibake": (
        mark(
            "{n} places were damaged by a wrong encoding before the export (mojibake), as in '{example}'; "
            "they are kept as they are, repair them in the CRM"
        ),
    ),
    "email_without_id": (
        mark("{n} rows have an e-mail address that is not there or not unique, such as '{example}'"),
    ),
    "name_without_id": (mark("{n} rows have a name that is not there or not unique, such as '{example}'"),),
    "nul": (mark("{lines} with NUL bytes ('{example}' in row {row}) set aside"),),
    "outlier": (
        mark("{n} extreme amounts (outliers), such as {amount}, are over 1000 times the usual; kept, check"),
    ),
    "owner_gap": (
        mark(
            "{n} changes of owner name another holder before than the change before them, such as that of "
            "'{example}'; the log may be incomplete"
        ),
    ),
    "pairs": (
        mark(
            "it names the accounts of {n} of {m} rows of {other}; {k} rows stand with several accounts there and "
            "have none"
        ),
    ),
    "parent_circle": (mark("{n} groups go in a circle, such as that of '{example}', which names the group"),),
    "possible_duplicates": (
        mark(
            "{n} pairs of accounts may be one customer, such as {example} and {other}; "
            "they stay two until merge: same in client.yaml says so"
        ),
    ),
    "preamble": (
        mark("{n} lines of title above the header in row {row} were skipped, such as '{example}'"),
    ),
    "repeated_header": (
        mark("{lines} repeating the header set aside; two exports may have been glued together"),
    ),
    "second_header": (
        mark(
            "{lines} below the header ('{example}' in row {row}) set aside, because it seems to go on with the header"
        ),
    ),
    "several_ids": (mark("{n} rows name several at once, such as '{example}'; the first counts"),),
    "too_few_fields": (mark("{lines} with fewer fields than the header ('{example}' in row {row}) set aside"),),
    "too_many_fields": (
        mark(
            "{lines} with more fields than the header ('{example}' in row {row}) set aside; a text may lack its quotes"
        ),
    ),
    "total": (
        mark("{lines} of totals ('{example}' in row {row}) set aside, so that nothing is counted twice"),
    ),
    "trailing_delimiters": (
        mark(
            "{n} lines end with more delimiters than the header, with nothing behind them; columns are counted "
            "from the left, check row {row} against the header"
        ),
    ),
    "truncated": (
        mark(
            "{lines} cut off at the end of the file ('{example}' in row {row}) set aside; "
            "the download may be incomplete"
        ),
    ),
    "twice": (
        mark(
            "several headers with different values mean the same; read are {choices}; "
            "name the right one under files in client.yaml"
        ),
    ),
    "unknown_account": (
        mark("{n} accounts under merge in client.yaml are not in the export, such as '{example}'"),
    ),
    "unknown_columns": (
        mark(
            "{n} columns are not used because nothing is known of them: {names} and {more} more; "
            "name them under files in client.yaml if they matter"
        ),
        mark(
            "{n} columns are not used because nothing is known of them: {names}; "
            "name them under files in client.yaml if they matter"
        ),
        mark("column {name} is not used, nothing is known of it; name it under files in client.yaml if it matters"),
    ),
    "unknown_owner": (
        mark(
            "holders of accounts who are not among the owners: {n}, such as '{example}'; export those who left too"
        ),
    ),
    "unknown_parent": (
        mark("{n} parent accounts are not in accounts, such as '{example}'; their accounts still form a group"),
    ),
    "unknown_stage": (
        mark(
            "{n} deals have a stage that the kit does not know, such as '{example}'; {m} of them count as open. "
            "Say what it means under values: stage in client.yaml"
        ),
        mark(
            "{n} deals have a stage that the kit does not know, such as '{example}'; "
            "their status comes from other columns. Say what it means under values: stage in client.yaml"
        ),
    ),
    "unused_file": (
        mark("the file is not read ({kind} is no export); exports are CSV, text or workbooks"),
        mark(
            "the file is not used: it fits none of the kit's tables; "
            "name it under files in client.yaml if it is needed"
        ),
        mark(
            "sheet '{sheet}' is not used: it fits none of the kit's tables; "
            "name it under files in client.yaml if it is needed"
        ),
        mark(
            "the file is not used: it holds {table}, which client.yaml takes from other files; "
            "name it under files in client.yaml if it is needed"
        ),
        mark(
            "sheet '{sheet}' is not used: it holds {table}, which client.yaml takes from other files; "
            "name it under files in client.yaml if it is needed"
        ),
        mark(
            "it looks like {table} as well, but {file} is read for that; "
            "name it under files in client.yaml if needed"
        ),
    ),
    "unused_table": (mark("{table} is not used: there is no column {columns}"),),
    "unit": (mark("beside the table stands the unit '{unit}', in which amounts without one of their own were read"),),
    "wide": (
        mark(
            "the columns of {n} periods ({first} to {last}) were read as {m} orders: one for each filled cell, dated "
            "on the last day of its period, so that a number of orders is a number of periods"
        ),
        mark("columns that would count an amount again, or none, are not used: {names}"),
        mark("{n} rows hold no amount in any period, such as row {row}: they are no orders"),
    ),
}  # fmt: skip

#: Values that cannot be read share their sentences; the code says what is wrong with them.
LEFT_OUT = (
    mark("values left out: {n} ({code}), such as '{example}'; say what they mean under values: {field} in client.yaml"),
    mark("values left out: {n} ({code}), such as '{example}'"),
)

#: What is wrong with a value, beside the reasons for which rows are set aside.
WRONG = {
    "unknown_value": mark("not a known word"),
    "date_without_year": mark("a date without its year"),
    "damaged_id": mark("an id that a spreadsheet damaged"),
}
