"""Bank account, agent, consent, attachments."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.identity import luhn_valid
from foundation.responses import private_file
from households import queries, services
from households.forms import AgentForm, AttachmentForm, BankAccountForm, ConsentForm, VoidForm
from households.permissions import ATTACHING, check_can_attach
from households.views.loading import attempt, crumbs, family_or_404, own_family, staff_of, to_family
from organizations.permissions import Permission


@grant(Permission.REGISTER_HOUSEHOLD)
def bank_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the account that benefits are paid to (发放账户)."""
    household = own_family(request, pk)
    head = queries.head_of(household)
    form = BankAccountForm(request.POST or None, household=household, initial={"holder": head.person.name})
    if request.method == "POST" and form.is_valid():
        staff, on = staff_of(request), timezone.localdate()
        saved = attempt(form, lambda: services.set_bank_account(household, **form.cleaned_data, by=staff, on=on))
        if saved is not None:
            messages.success(request, "发放账户已保存，原账户停用。")
            if not luhn_valid(saved.account.reveal()):
                messages.warning(request, "账号没有通过银行卡校验：存折号属正常，银行卡请再核对一遍。")
            return to_family(pk, "payee")
    return render(request, "households/form.html", crumbs(household, form=form, title="发放账户"))


@grant(Permission.REGISTER_HOUSEHOLD)
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the agent (代理人)."""
    household = own_family(request, pk)
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff, on = staff_of(request), timezone.localdate()
        if attempt(form, lambda: services.set_agent(household, **form.cleaned_data, by=staff, on=on)):
            messages.success(request, "代理人已登记。")
            return to_family(pk, "payee")
    return render(request, "households/form.html", crumbs(household, form=form, title="代理人"))


@grant(Permission.REGISTER_HOUSEHOLD)
@require_POST
def end_agent(request: HttpRequest, pk: int) -> HttpResponse:
    """End the agent's mandate (终止代理)."""
    household = own_family(request, pk)
    services.end_agent(household, by=staff_of(request), on=timezone.localdate())
    messages.success(request, "代理已终止。")
    return to_family(pk, "payee")


@grant(Permission.REGISTER_HOUSEHOLD)
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a signed consent to the means check (核查授权)."""
    household = own_family(request, pk)
    members = list(queries.current_members(household))
    form = ConsentForm(request.POST or None, household=household, members=members)
    if request.method == "POST" and form.is_valid():
        cleaned, staff = form.cleaned_data, staff_of(request)
        terms: dict[str, Any] = {name: cleaned[name] for name in ("signed_on", "valid_to", "scan")}
        terms |= {"on": timezone.localdate(), "signers": form.signers(), "supporters": form.supporter_answers()}
        if attempt(form, lambda: services.record_consent(household, by=staff, **terms)):
            messages.success(request, "核查授权已登记。")
            return to_family(pk, "consent")
    return render(request, "households/consent.html", crumbs(household, form=form))


@grant(Permission.REGISTER_HOUSEHOLD)
@require_POST
def withdraw_consent(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponse:
    """The family withdraws its consent (撤回授权)."""
    household = own_family(request, pk)
    record = get_object_or_404(household.consents.all(), pk=consent_pk)
    if record.withdrawn_on is None:
        services.withdraw_consent(record, by=staff_of(request), on=timezone.localdate())
    messages.success(request, "授权已撤回，此后不能据此发起核对。")
    return to_family(pk, "consent")


@grant(*ATTACHING)
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a scan or photo (附件)."""
    household, staff = family_or_404(request, pk), staff_of(request)
    check_can_attach(staff, household)
    initial = {"kind": request.GET.get("kind", "")}
    form = AttachmentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned, now = form.cleaned_data, timezone.now()
        if attempt(
            form,
            lambda: services.add_attachment(household, kind=cleaned["kind"], upload=cleaned["file"], by=staff, at=now),
        ):
            messages.success(request, "附件已上传。")
            return to_family(pk, "attachments")
    return render(request, "households/form.html", crumbs(household, form=form, title="上传附件", has_file=True))


@grant(Permission.VIEW_HOUSEHOLD)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an attachment (打开附件); the reading is recorded."""
    staff = staff_of(request)
    paper = get_object_or_404(queries.attachments_visible_to(staff), pk=pk)
    services.record_opening(attachment_id=paper.pk, by=staff, at=timezone.now())
    with paper.file.open("rb") as file:
        return private_file(file.read(), content_type=paper.content_type, name=paper.file_name)


@grant(*ATTACHING)
@require_POST
def void_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an attachment out of use (作废), with a reason."""
    staff = staff_of(request)
    paper = get_object_or_404(queries.attachments_visible_to(staff).select_related("household__area"), pk=pk)
    form = VoidForm(request.POST)
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        attempt(form, lambda: services.void_attachment(paper, reason=reason, by=staff, at=now))
    if form.errors:
        for texts in form.errors.values():
            messages.error(request, str(texts[0]))
    else:
        messages.success(request, "附件已作废，文件仍留存备查。")
    return to_family(paper.household_id, "attachments")
