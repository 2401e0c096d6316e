"""认定身份: as what a family is recognised, and until when."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from foundation.trail import recorded
from households.models import Household, Person
from organizations.models import Area
from organizations.models.delegations import Scheme

RECOGNISED = ("marginal", "rigid_expense_household")
"""Schemes (险种) that recognise a family and pay nothing."""


@recorded()
class Recognition(models.Model):
    """认定身份: a family recognised as 低保边缘 or 刚性支出困难 over a time; it pays nothing and opens other doors.

    Whoever was recognised stays so until the last day of ``valid``, its upper bound not included. It is empty, and
    ``would_begin_on`` says when it was to begin, where it was ended before that day.
    """

    number = models.CharField("认定编号", max_length=20, unique=True)
    scheme = models.CharField("身份", max_length=30, choices=Scheme)
    household = models.ForeignKey(
        Household, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="家庭"
    )
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="村（社区）")
    valid = DateRangeField("有效期")
    would_begin_on = models.DateField("原定开始日期", null=True, blank=True)
    decided_on = models.DateField("认定日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="认定人"
    )
    ended_on = models.DateField("提前终止日期", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止人",
    )
    end_reason = models.CharField("提前终止原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "认定身份"
        verbose_name_plural = "认定身份"
        ordering = ("-decided_on", "-pk")
        constraints = [
            models.CheckConstraint(name="recognition_of_its_schemes", condition=Q(scheme__in=RECOGNISED)),
            models.CheckConstraint(
                name="recognition_has_both_days",
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__upper_inf=False, would_begin_on=None)
                | Q(valid__isempty=True, ended_on__isnull=False, would_begin_on__isnull=False)
                & Q(would_begin_on__gt=F("ended_on")),
            ),
            models.CheckConstraint(
                name="recognition_ended_whole",
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
            ExclusionConstraint(
                name="family_recognised_once_a_scheme",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="这个家庭在这段时间已有同一种认定。",
            ),
        ]
        indexes = [models.Index(fields=("area", "scheme"), name="recognition_by_area")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_void(self) -> bool:
        """It was ended before it began."""
        return bool(self.valid.isempty)

    @property
    def first_day(self) -> date:
        """The first day on which the family is recognised, or was to be."""
        day: date = self.would_begin_on or self.valid.lower
        return day

    @property
    def last_day(self) -> date:
        """The last day on which the family is recognised; the day before the first one where it never was."""
        after: date = self.first_day if self.is_void else self.valid.upper
        return after - timedelta(days=1)

    @property
    def renewed_in_words(self) -> str:
        """That the family is recognised from a later day on, and from which."""
        label, day = self.get_scheme_display(), self.first_day
        return f"这个家庭的{label}认定已经续期（{self.number}），从{day:%Y年%-m月%-d日}开始"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="within_recognition",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT FROM benefits_recognition r
                 WHERE r.id = NEW.recognition_id AND r.scheme = NEW.scheme AND NEW.covered <@ r.valid
            ) THEN
                RAISE EXCEPTION 'jixi: a person is recognised as the family is, and no longer';
            END IF;
            IF EXISTS (SELECT FROM households_person WHERE id = NEW.person_id AND merged_into_id IS NOT NULL) THEN
                RAISE EXCEPTION 'jixi: a recognition covers a person, not a record that was merged into another one';
            END IF;
            RETURN NEW;
        """,
    )
)
@recorded()
class RecognitionPerson(models.Model):
    """认定人员: who is recognised with the family, so that another department can be told; once a scheme at a time."""

    recognition = models.ForeignKey(
        Recognition, on_delete=models.RESTRICT, related_name="persons", verbose_name="认定身份"
    )
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="人员")
    scheme = models.CharField("身份", max_length=30, choices=Scheme)
    covered = DateRangeField("认定期间")

    class Meta:
        verbose_name = "认定人员"
        verbose_name_plural = "认定人员"
        ordering = ("recognition", "pk")
        constraints = [
            ExclusionConstraint(
                name="person_recognised_once_a_scheme",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("covered", RangeOperators.OVERLAPS),
                ],
                violation_error_message="这个人在这段时间已在另一个家庭的同一种认定里。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recognition} {self.person}"
