"""Models with fit and predict: tiers, the soil value, crops, hazards."""
