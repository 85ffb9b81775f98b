"""R2, short: no power cut loses a vote; with synchronous=NORMAL nearly every one does."""

from tests.houses import Builder
from tests.reliability import power
from tests.reliability.report import quiet


def test_a_power_cut_loses_nothing_and_the_control_does(builder: Builder) -> None:
    power.run(builder, power.Plan(votes=60, cuts=60), quiet)
