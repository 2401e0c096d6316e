"""Pages of staff accounts (人员与岗位): filter, opening, correcting, posts, and acts with a reason."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q

from foundation.form_fields import DayInput, IdNumberField, PersonNameField
from foundation.once import fresh_token
from organizations.models import AccountState, Area, Department, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import ROLE_LEVELS, Permission, Role
from organizations.queries import accounts_for, areas_for, facts_version
from organizations.services import AccountFacts

_LEVEL_NAMES = {level.value: level.label for level in AreaLevel}
_NUMBER = RegexValidator(r"^[A-Za-z0-9]{2,20}$", "工号只用字母和数字，2到20位。")


class AreaChoice(forms.ModelChoiceField):
    """An area by its name, a village after its township; each offered once, in code order."""

    def label_from_instance(self, area: Any) -> str:
        return f"{area.parent.name}・{area.short_name}" if area.level == AreaLevel.VILLAGE else area.name


def _areas(staff: Staff, *levels: AreaLevel) -> Any:
    areas = areas_for(staff, Permission.MANAGE_STAFF).select_related("parent").order_by("code")
    return areas.filter(level__in=levels) if levels else areas


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}（设在{_LEVEL_NAMES[ROLE_LEVELS[role]]}）") for role in Role]


class StaffFilter(forms.Form):
    """Filters of the list of accounts."""

    q = forms.CharField(label="姓名或工号", required=False, max_length=40)
    area = AreaChoice(label="区划", required=False, empty_label="全部", queryset=Area.objects.none())
    role = forms.ChoiceField(
        label="岗位", required=False, choices=[("", "全部"), *((role.value, role.label) for role in Role)]
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *AccountState.choices])

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.queryset = _areas(staff, AreaLevel.COUNTY, AreaLevel.TOWNSHIP)
        areas.label_from_instance = lambda area: "县本级" if area.level == AreaLevel.COUNTY else area.name


class FactsForm(forms.Form):
    """What is written down of an account (账号资料)."""

    staff_number = forms.CharField(
        label="工号", max_length=20, validators=[_NUMBER], help_text="登录用，字母和数字。", strip=True
    )
    name = PersonNameField(max_length=40)
    area = AreaChoice(label="所在区划", queryset=Area.objects.none(), empty_label="请选择")
    department = forms.ModelChoiceField(
        label="部门", required=False, queryset=Department.objects.none(), empty_label="（不填）"
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("area", _areas(staff)), ("department", Department.objects.filter(is_active=True))):
            field: Any = self.fields[name]
            field.queryset = rows
        self.fields["staff_number"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def facts(self) -> AccountFacts:
        """What was typed, for the service."""
        return AccountFacts(
            **{name: self.cleaned_data[name] for name in ("staff_number", "name", "area", "department")}
        )


class OpenForm(FactsForm):
    """开户: an account with its first post."""

    active_from = forms.DateField(label="启用日期", widget=DayInput)
    active_to = forms.DateField(
        label="停用日期", required=False, widget=DayInput, help_text="借调、实习等到期就停的才填；可以用到这一天。"
    )
    id_number = IdNumberField(required=False, help_text="选填。只用来比对申请家庭里的近亲属，系统不保存号码本身。")
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *_roles()])
    post_area = AreaChoice(label="管辖区划", required=False, queryset=Area.objects.none(), empty_label="就是所在区划")
    once = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: Staff, today: date, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        field: Any = self.fields["post_area"]
        field.queryset = _areas(staff)
        self.initial = {"active_from": today, "once": fresh_token()}

    def area_of_post(self) -> Area:
        """Where the first post is held."""
        area: Area = self.cleaned_data["post_area"] or self.cleaned_data["area"]
        return area


class CorrectForm(FactsForm):
    """更正资料: what stands now, and its version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="更正原因", required=False, max_length=200, help_text="更正姓名的必须写；近亲属回避按姓名比对。"
    )

    def __init__(self, *args: Any, account: Staff, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        self.initial = stored_facts(account)
        department: Any = self.fields["department"]
        department.queryset = Department.objects.filter(Q(is_active=True) | Q(pk=account.department_id or 0))
        if account.last_login is not None:
            self.fields["staff_number"].help_text = "已经登录使用过，不能再改。"
            self.fields["staff_number"].widget.attrs["readonly"] = True


def stored_facts(account: Staff) -> dict[str, Any]:
    """What stands of an account now, by field."""
    return {
        "staff_number": account.staff_number,
        "name": account.name,
        "area": account.area_id,
        "department": account.department_id,
        "version": facts_version(account),
    }


class AppointForm(forms.Form):
    """任职: a role in an area from a day on, also for a time."""

    role = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *_roles()])
    area = AreaChoice(label="管辖区划", queryset=Area.objects.none(), empty_label="请选择")
    starts_on = forms.DateField(label="任职起", widget=DayInput)
    ends_on = forms.DateField(
        label="任职止", required=False, widget=DayInput, help_text="临时代理的，填代理的最后一天；长期任职的不填。"
    )
    on_behalf_of = forms.CharField(
        label="代理谁（工号）",
        required=False,
        max_length=20,
        help_text="代理请假、离岗的人的，填他的工号：办的件写明“代理某某”，两人在同一个件上算一个人。不代理谁的不填。",
    )
    reason = forms.CharField(
        label="事由", required=False, max_length=200, help_text="如“休产假代理”；经办与审核由一人兼任的必须写明理由。"
    )

    def __init__(self, *args: Any, staff: Staff, account: Staff, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = _areas(staff)
        self.initial = {"area": account.area_id, "starts_on": today}
        self._keeper = staff

    def clean_on_behalf_of(self) -> Staff | None:
        """
        :raises ValidationError: no account that the person keeps has the number.
        """
        number = self.cleaned_data["on_behalf_of"].strip()
        if not number:
            return None
        found = accounts_for(self._keeper).filter(staff_number__iexact=number).first()
        if found is None:
            raise forms.ValidationError("没有这个工号，请在“人员与岗位”里查对。", code="unknown_number")
        return found


class ReasonForm(forms.Form):
    """An act on an account, with why."""

    reason = forms.CharField(label="原因", max_length=200)


class LastDayForm(ReasonForm):
    """停用账号, 结束任职: the last day, and why."""

    last_day = forms.DateField(
        label="最后一天", widget=DayInput, help_text="到这一天晚上为止；要即刻生效的，填昨天的日期。"
    )
    field_order: Iterable[str] = ("last_day", "reason")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"last_day": today}


class ResetForm(ReasonForm):
    """重置密码: a form sent twice gives one password."""

    once = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"once": fresh_token()}
