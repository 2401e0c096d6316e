"""What one scheme's answer is made of."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from eligibility.rules.choices import Choice

_FEN = Decimal("0.01")
TITLES = {
    "dibao": "最低生活保障（低保）",
    "tekun": "特困人员救助供养（特困、五保）",
    "marginal": "低保边缘家庭",
    "temporary_aid": "临时救助",
}
SHORT_TITLES = {"dibao": "低保", "tekun": "特困供养", "marginal": "低保边缘家庭", "temporary_aid": "临时救助"}


class Verdict(Choice):
    """How likely a family is entitled; never more than that, the township and the county decide."""

    LIKELY = "likely", "可能符合"
    ASK = "ask", "还要问清"
    UNLIKELY = "unlikely", "可能不符合"
    NOT_NEEDED = "not_needed", "不用另申请"


_TONES = {Verdict.LIKELY: "good", Verdict.ASK: "due"}


@dataclass(frozen=True)
class SchemeGuide:
    """One scheme's answer: how likely, about how much, and why in plain sentences."""

    scheme: str
    verdict: Verdict
    headline: str
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return TITLES[self.scheme]

    @property
    def summary(self) -> str:
        """The scheme's short name, with about how much."""
        name = SHORT_TITLES[self.scheme]
        return f"{name}（{self.headline}）" if self.headline else name

    @property
    def tone(self) -> str:
        return _TONES.get(self.verdict, "")


def plain(amount: Decimal | int) -> str:
    """An amount as people say it: 1,250, or 416.66; cut to the fen, so that it never contradicts a comparison."""
    return f"{Decimal(amount).quantize(_FEN, rounding=ROUND_DOWN):,.2f}".removesuffix(".00")


def in_plain_figures(sentence: str) -> str:
    """A sentence of the assessment with its amounts as people say them."""
    return re.sub(r"\d[\d,]*\.\d\d(?=元)", lambda found: plain(Decimal(found[0].replace(",", ""))), sentence)
