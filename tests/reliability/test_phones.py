"""R6, short: two phones with one slip on a bad line."""

from tests.houses import House
from tests.reliability import phones
from tests.reliability.hall import IDEAS
from tests.reliability.report import quiet


def test_each_tap_counts_once_and_the_last_one_told_stands(house: House) -> None:
    house.day("vote", ideas=IDEAS)
    phones.run(house, phones.Plan(runs=8, steps=25), quiet)
