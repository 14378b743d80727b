"""The crops: gross profit to expect in the next twelve months, from buying as before and from deals in work."""

from mcrlib.model.crops.expected import CropModel

__all__ = ["CropModel"]
