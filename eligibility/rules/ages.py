"""Ages (周岁) and the ages that the regulations name."""

from datetime import date

ADULT = 18  # 成年; F57 §7
TEKUN_ELDERLY = 60  # F43 §5 (1)
TEKUN_MINOR = 16  # F43 §5 (2)
SUPPORTER_ON_DIBAO = 60  # F43 §8 (2)
SUPPORTER_ELDERLY = 70  # F43 §8 (3)
LABOUR_FROM = 16  # local practice for the category, as in F43 §5
LABOUR_BEFORE = 60


def age_on(birth_date: date, *, on: date) -> int:
    """Completed years on a day: turned on the birthday, 29 February on 1 March in common years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
