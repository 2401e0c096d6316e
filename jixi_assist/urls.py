from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from foundation.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("workbench.urls")),
    path("account/", include("organizations.urls")),
    path("", include("documents.urls")),
    path("families/", include("households.urls")),
    path("cases/", include("applications.urls")),
    path("awards/", include("benefits.urls")),
    path("care/", include("care.urls")),
    path("temporary-aid/", include("temporary_aid.urls")),
    path("reviews/", include("dynamic_review.urls")),
    path("supervision/", include("supervision.urls")),
    path("means-checks/", include("verification.urls")),
    path("", include("one_window.urls")),
    path("parameters/", include("eligibility.urls")),
    path("healthz/", healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "foundation.error_pages.bad_request"
handler403 = "foundation.error_pages.permission_denied"
handler404 = "foundation.error_pages.page_not_found"
handler500 = "foundation.error_pages.server_error"
