"""Forms of the clerk's one page: start, the page's sections, the signing desk."""

from one_window.forms.page import IntakeForms
from one_window.forms.signing import HandInForm, RelativeForm
from one_window.forms.start import StartForm
from one_window.forms.typed import on_the_page

__all__ = ["HandInForm", "IntakeForms", "RelativeForm", "StartForm", "on_the_page"]
