"""One room per question of the method: frames in, verdicts out."""
