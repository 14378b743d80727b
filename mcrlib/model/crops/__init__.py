"""The crops: gross profit to expect in the next twelve months, from buying as before and from deals in work."""

from mcrlib.model.crops.expected import CropModel
from mcrlib.model.crops.running import FIRST_YEAR, HARVEST_AGAIN, RUN_RATE, WAYS

__all__ = ["FIRST_YEAR", "HARVEST_AGAIN", "RUN_RATE", "WAYS", "CropModel"]
