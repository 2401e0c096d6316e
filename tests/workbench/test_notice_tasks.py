"""A notice that belongs to no case (提标、渐退到期) lies on the list of whoever hands it over, like every other."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents import services
from documents.models import DocumentKind
from organizations.permissions import Role
from tests.documents.samples import SAMPLES
from tests.support.factories import LINXI, ON, area, make_staff

pytestmark = pytest.mark.django_db


def test_it_is_named_by_whom_it_goes_to_and_leads_to_the_paper(county: None, tmp_path: Any, settings: Any) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, LINXI[:9])
    record: Any = replace(SAMPLES[DocumentKind.CARE_CHANGE_NOTICE], applicant="唐玉兰")  # type: ignore[type-var]
    made = services.issue_document(
        kind=record.kind, issuing_area=area(LINXI[:9]), area=area(LINXI), record=record, by=clerk, on=ON
    )
    browser = Client()
    browser.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(reverse("workbench:home")).content.decode()
    for words in ("送达照料护理档次调整告知书", "唐玉兰", made.number, reverse("documents:preview", args=[made.pk])):
        assert words in page, words
    assert "（0人）" not in page
