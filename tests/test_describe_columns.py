import pandas as pd
import pytest

from mcrlib.describe.columns import taken


def test_the_columns_are_taken_in_their_order_and_those_that_lack_are_named():
    table = pd.DataFrame({"one": [1], "two": [2], "three": [3]})
    assert taken(table, ("three", "one")).columns.tolist() == ["three", "one"]
    with pytest.raises(ValueError, match="account features lack the columns four, five$"):
        taken(table, ("one", "four", "five"))
    with pytest.raises(ValueError, match="lack the columns one"):
        taken([[1, 2]], ("one",))
