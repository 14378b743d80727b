"""Central European text is told from Western by words that only one of them has."""

import pytest
from deliveries import read

from mcrlib.read.charset import find_charset

POLISH = "Spółka Żółty Wisła, Łódź; Przedsiębiorstwo Usług, Zakład Kłos, Bałtyk, Święto Małe"
CZECH = "Dvořák, Jiří, Český Krumlov, Třebíč, Světlá, Příbram"
HUNGARIAN = "Működő, Fűtőmű, Győri Gépgyár, Könyvkiadó, Tükörfúrógép, Szűcs, Erdőkerülő, Öntödeüzemű"
WEST = (
    "Müller Straße, Société Générale, Hélène Lefèvre, Hôtel être où, Señor Muñoz, Nº 5, São Paulo Condições, Søren Å,"
    " Værløse, Città è più, £100 Pounds, 5 m³, Nm³ Sm³ Fm³ Rm³, Noël Œuvre, Þórður, ¿qué?"
)


@pytest.mark.parametrize("text", [POLISH, CZECH, HUNGARIAN, f"{POLISH} Müller, François"])
def test_central_european_text_is_cp1250(text):
    name, said = find_charset(text.encode("cp1250", errors="replace"), "a.csv")
    assert name == "cp1250" and "taken for cp1250" in said[0].message


@pytest.mark.parametrize("text", [WEST, "Müller", "Dvořák".encode("cp1250").decode("cp1252"), *WEST.split(", ")[:4]])
def test_western_text_and_what_shows_nothing_stay_as_they_were(text):
    assert find_charset(f"{text}\n".encode("cp1252"), "a.csv")[0] == "cp1252"


def test_polish_names_are_read_right(tmp_path):
    rows = [f"A{n},{name}\n" for n, name in enumerate(POLISH.replace(";", ",").split(", "), start=1)]
    accounts = "account_id,account_name\n" + "".join(rows)
    (tmp_path / "accounts.csv").write_bytes(accounts.encode("cp1250"))
    orders = "order_id,account_id,order_date,amount\nO1,A1,2024-05-05,5.5\n"
    found = read(tmp_path, accounts="", orders=orders)
    assert found.tables["accounts"]["account_name"].iloc[0] == "Spółka Żółty Wisła"
