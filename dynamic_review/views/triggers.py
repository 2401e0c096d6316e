"""触发复核: what calls for a review before its day; what a clerk is told; offers of work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.rules.reviews import ReviewCause
from benefits.models import Award
from dynamic_review import services
from dynamic_review.forms.acts import NoteForm, OfferForm, SettleForm
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries import dues
from dynamic_review.views.loading import attempt, form_page, load_award, staff_of, to_family
from foundation.access import grant
from foundation.pages import deadline_lamp
from foundation.paging import page_of
from households.models import Person
from organizations.queries import working_calendar

_TITLES = {ReviewCause.REPORTED: "登记家庭变化", ReviewCause.COMPLAINT: "收到投诉举报"}
_EFFECTS = {
    ReviewCause.REPORTED: "登记以后，这份待遇列入触发复核，须在期限前复核。",
    ReviewCause.COMPLAINT: "登记以后，这份待遇列入触发复核。请不要写举报人的姓名、电话。",
}


@grant(Permission.VIEW_REVIEW)
def trigger_list(request: HttpRequest) -> HttpResponse:
    """What is to be looked into, what is due first at the head; settled ones on request."""
    staff, today = staff_of(request), timezone.localdate()
    is_settled = request.GET.get("shown") == "settled"
    rows = dues.triggers_visible_to(staff).filter(settled_on__isnull=not is_settled)
    cause = request.GET.get("cause", "")
    if cause in set(ReviewCause):
        rows = rows.filter(cause=cause)
    page = page_of(request, rows.order_by("-settled_on" if is_settled else "due_on", "pk"))
    calendar = working_calendar()
    context = {
        "page": page,
        "is_settled": is_settled,
        "cause": cause,
        "causes": [(one.value, one.label) for one in ReviewCause if one != ReviewCause.SCHEDULED],
        "rows": [
            (row, deadline_lamp(row.due_on, working_days_left=calendar.between(today, row.due_on), on=today))
            for row in page.object_list
        ],
        "mine": staff.area_ids(Permission.MANAGE_REVIEWS),
    }
    return render(request, "dynamic_review/triggers.html", context)


@grant(Permission.MANAGE_REVIEWS)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """登记家庭变化."""
    return _note(request, pk, ReviewCause.REPORTED)


@grant(Permission.MANAGE_REVIEWS)
@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """收到投诉举报."""
    return _note(request, pk, ReviewCause.COMPLAINT)


def _note(request: HttpRequest, pk: int, cause: ReviewCause) -> HttpResponse:
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    form, title = NoteForm(request.POST or None, initial={"happened_on": today}), _TITLES[cause]
    if request.method == "POST" and form.is_valid():
        trigger = attempt(
            form,
            title,
            lambda: services.note_by_hand(award, cause=cause.value, by=staff, on=today, **form.cleaned_data),
        )
        if trigger is not None:
            day = trigger.due_on
            messages.success(request, f"已登记，请在{day.year}年{day.month}月{day.day}日前复核。")
            return to_family(award.household_id)
    return form_page(request, form, title=title, effect=_EFFECTS[cause], back=_family(award), award=award)


@grant(Permission.MANAGE_REVIEWS)
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """登记就业介绍."""
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    people = Person.objects.filter(awards__award=award, awards__covered__contains=today, died_on=None)
    form = OfferForm(request.POST or None, people=people, initial={"offered_on": today})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, "登记就业介绍", lambda: services.record_offer(award, data=form.offer(), by=staff, on=today)
        )
        if made is not None:
            messages.success(request, "就业介绍已登记。")
            return to_family(award.household_id)
    effect = "连续多次无正当理由拒绝的，列入触发复核；接受一次即重新计数。"
    return form_page(request, form, title="登记就业介绍", effect=effect, back=_family(award), award=award)


@grant(Permission.MANAGE_REVIEWS)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """不需复核: what called for a review calls for none after all."""
    staff = staff_of(request)
    trigger = get_object_or_404(dues.triggers_visible_to(staff), pk=pk)
    check_can_act(staff, Permission.MANAGE_REVIEWS, area=trigger.award.area)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settled = attempt(
            form,
            "触发复核销号",
            lambda: services.settle_trigger(trigger, by=staff, on=timezone.localdate(), **form.cleaned_data),
        )
        if settled is not None:
            messages.success(request, "已办结，不再列入触发复核。")
            return to_family(trigger.award.household_id)
    effect = f"{trigger.get_cause_display()}：{trigger.note or '没有另写情况'}"
    return form_page(
        request, form, title="不需复核", effect=effect, back=_family(trigger.award), award=trigger.award, submit="办结"
    )


def _family(award: Award) -> str:
    return reverse("households:detail", args=[award.household_id]) + "#reviews"
