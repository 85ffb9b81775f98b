"""The rules of the game: acts, stages, permissions, ballots, counting. Standard library only."""
